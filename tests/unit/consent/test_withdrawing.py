"""Taking it back: one click, everywhere, at once, and nothing goes on afterwards."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.consent.models import VisitorDay
from app.core.database import db
from app.core.registry import OPTIONAL, registry
from tests.people import make_member, sign_in
from tests.unit.consent.conftest import HOME, POST, Visitor, given


def visitors(site: Flask) -> int:
    """How many visitors have been counted on this site."""
    with site.app_context():
        return db.session.scalar(sa.select(sa.func.sum(VisitorDay.count))) or 0


def footer_form(html: str) -> str:
    found = re.search(r'<form class="cluster".*?</form>', html, re.DOTALL)
    assert found
    # Where it leads back to, and which form's text it takes along, hang on the page alone.
    own = r'<input type="hidden" name="next"[^>]*>\s*| (form=|formaction=)[^ >]*| formnovalidate'
    return " ".join(re.sub(own, "", found[0]).split())


def test_every_page_has_the_link_and_the_button(site: Flask, ada: Visitor) -> None:
    """Errors and pages behind the log-in too, in the same words for everybody."""
    with site.app_context():
        make_member("bo")
    bo = sign_in(site, "bo")
    ada.keep("choice", "1.1.p1m1-dark")
    pages = [ada.read(address) for address in (POST, "/", HOME, "/no-such-page/", "/search/")]
    pages += [site.test_client().get(POST), bo.get("/account/"), bo.post("/account/")]
    pages.append(site.test_client().put(POST, headers={"Sec-Fetch-Site": "same-origin"}))
    assert {page.status_code for page in pages} == {200, 404, 405, 422}
    forms = {footer_form(page.text) for page in pages}
    assert len(forms) == 1
    only = forms.pop()
    assert '<a class="bare" href="/privacy/cookies/">Cookie choices</a>' in only
    assert only.count("<button") == 1
    assert ">Refuse optional cookies</button>" in only


@pytest.mark.parametrize("status", [500, 503])
def test_the_pages_that_need_nothing_have_the_link(site: Flask, status: int) -> None:
    assert '<a href="/privacy/cookies/">Cookie choices</a>' in site.config[f"page_{status}"]


def test_one_press_in_the_footer_takes_everything_back(ada: Visitor) -> None:
    ada.answer(banner="accept")
    answer = ada.answer(footer="refuse", next=POST)
    assert answer.status_code == 303
    assert ada.cookie("choice") == "1.1.p0m0"
    again = ada.answer(footer="refuse", next=POST)
    assert (again.status_code, again.headers["Location"]) == (303, answer.headers["Location"])
    assert ada.cookie("choice") == "1.1.p0m0"


def test_the_same_answer_expires_every_cookie_of_the_category(site: Flask, ada: Visitor) -> None:
    """With the path and name that each was set with, else a browser would keep it."""
    with site.app_context():
        optional = {
            each.name: each for each in registry().every("cookies") if each.category in OPTIONAL
        }
    assert set(optional) == {"remember", "seen"}
    set_ = given(ada.answer(footer="refuse"))
    for name, cookie in optional.items():
        assert set_[name].value == ""
        assert set_[name]["max-age"] == "0"
        assert set_[name]["path"] == cookie.path


@pytest.mark.parametrize(
    ("kept", "expired"), [("preferences", "seen"), ("measurement", "remember")]
)
def test_what_was_not_taken_back_stays(ada: Visitor, kept: str, expired: str) -> None:
    ada.answer(banner="accept")
    ada.read()
    set_ = given(ada.answer(page="save", **{kept: "yes"}))
    assert set(set_) == {"choice", "receipt", expired}


def test_nothing_is_counted_after_it(site: Flask, ada: Visitor) -> None:
    ada.answer(banner="accept")
    ada.read()
    before = visitors(site)
    assert before > 0
    ada.answer(footer="refuse")
    for address in (POST, "/", HOME):
        assert "Set-Cookie" not in ada.read(address).headers
    assert visitors(site) == before


def test_a_member_who_refuses_is_signed_out_where_the_log_in_was_to_last(site: Flask) -> None:
    ada = Visitor(site, {})
    ada.keep("remember", "a-token")
    ada.answer(footer="refuse")
    assert ada.cookie("remember") is None
