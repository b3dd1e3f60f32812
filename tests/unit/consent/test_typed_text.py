"""Answering about cookies while a comment is half written: not a letter of it is lost."""

import re

import pytest
from flask import Flask

from app.comments.models import Comment
from app.core.database import db
from tests.unit.consent.conftest import HOME, POST, Visitor

TO = f"{POST}comments"
TYPED = {"name": "Bo", "email": "bo@example.org", "text": "Half a <thought> & more\n\nof it"}


def buttons(html: str) -> list[str]:
    return re.findall(r'<button[^>]*formaction="/privacy/cookies/[^>]*>', html)


def test_the_buttons_of_a_page_with_a_form_take_along_what_is_typed(ada: Visitor) -> None:
    page = ada.read().text
    assert '<form class="form" id="comment-fields"' in page
    found = buttons(page)
    assert len(found) == 3
    for button in found:
        assert f'form="comment-fields" formnovalidate formaction="{HOME}?draft={TO}"' in button
    assert buttons(ada.read("/").text) == []


@pytest.mark.parametrize("button", [{"banner": "accept"}, {"footer": "refuse"}])
def test_typed_text_is_shown_again_and_nothing_is_posted(
    site: Flask, ada: Visitor, button: dict[str, str]
) -> None:
    answer = ada.answer(f"{HOME}?draft={TO}", **button, **TYPED)
    assert answer.status_code == 307
    to, _, anchor = answer.headers["Location"].partition("#")
    assert to == f"{TO}?again"
    assert anchor in ("choice-saved", "choice-noted")
    assert ada.cookie("choice")
    shown = ada.answer(to, **button, **TYPED)
    assert shown.status_code == 200
    assert "Half a &lt;thought&gt; &amp; more" in shown.text
    assert 'value="bo@example.org"' in shown.text
    assert 'class="problems"' not in shown.text
    assert f'id="{anchor}">Your choice is kept.' in shown.text
    with site.app_context():
        assert db.session.query(Comment).count() == 0


@pytest.mark.parametrize("typed", [{}, {"text": "", "name": "  "}, {"stamp": "x", "parent": "1"}])
def test_a_form_without_a_word_leads_back_as_ever(ada: Visitor, typed: dict[str, str]) -> None:
    answer = ada.client.post(
        f"{HOME}?draft={TO}",
        data={"banner": "refuse"} | typed,
        headers={"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{POST}"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{POST}#choice-saved")


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "/\\evil", "", "x"])
def test_typed_text_is_led_to_this_site_only(ada: Visitor, to: str) -> None:
    answer = ada.client.post(
        HOME,
        query_string={"draft": to},
        data={"banner": "refuse"} | TYPED,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}#choice-saved")


def test_what_was_typed_is_kept_nowhere_on_the_way(
    ada: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = ada.answer(f"{HOME}?draft={TO}", banner="accept", **TYPED)
    told = capfd.readouterr()
    for word in ("Half a", "bo@example.org"):
        assert word not in told.out + told.err
        assert word not in str(answer.headers)


def test_feedback_that_is_half_written_comes_back_too(ada: Visitor) -> None:
    to = "/feedback/new/"
    assert (
        f'form="feedback-fields" formnovalidate formaction="{HOME}?draft={to}"' in ada.read(to).text
    )
    answer = ada.answer(f"{HOME}?draft={to}", banner="refuse", kind="praise", text="Half a thought")
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{to}?again#choice-saved")
    shown = ada.answer(f"{to}?again", banner="refuse", kind="praise", text="Half a thought")
    assert shown.status_code == 200
    assert "Half a thought" in shown.text
    assert 'class="problems"' not in shown.text
