"""Asking again: when something new is asked for, with a word on what, and for nothing else."""

import hashlib
from datetime import date

import pytest
from flask import Flask

from app.consent import pages, terms, views
from app.consent.choices import Terms
from app.consent.terms import CURRENT, PURPOSES, REVISIONS, Revision, wording
from app.core.registry import OPTIONAL, registry
from tests.unit.consent.conftest import HOME, Visitor

#: What was asked for at each revision. Raise the number, with its news, when this changes.
ASKED = {1: "8a3d"}


def asked_for(site: Flask) -> str:
    """A fingerprint of the categories, purposes, cookies and readers that agreeing covers."""
    with site.app_context():
        cookies = sorted(
            (each.name, each.category, each.purpose, each.read_by, each.set_by)
            for each in registry().every("cookies")
            if each.category in OPTIONAL
        )
    purposes = sorted((name, about.purpose) for name, about in PURPOSES.items())
    return hashlib.sha256(repr((cookies, purposes)).encode()).hexdigest()[:4]


def test_something_new_to_agree_to_needs_a_new_revision(site: Flask) -> None:
    """Else an old yes would cover what nobody was asked about."""
    assert asked_for(site) == ASKED[CURRENT.number]


def test_revisions_are_numbered_dated_and_explained() -> None:
    assert [each.number for each in REVISIONS] == list(range(1, len(REVISIONS) + 1))
    assert [each.since for each in REVISIONS] == sorted(each.since for each in REVISIONS)
    assert all(each.news.endswith(".") for each in REVISIONS)


@pytest.fixture
def revised(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Revision:
    """The site after its second revision."""
    second = Revision(2, date(2027, 5, 3), "Measurement now also counts by country.")
    for module in (terms, pages, views):
        monkeypatch.setattr(module, "CURRENT", second)
    with site.app_context():
        old = terms.terms_of(site)
    monkeypatch.setitem(
        site.extensions,
        "consent.terms",
        Terms(cookie=old.cookie, revision=2, offered=old.offered),
    )
    return second


@pytest.mark.parametrize("before", ["1.1.p0m0", "1.1.p1m1", "1.1.p1m0-dark"])
@pytest.mark.usefixtures("revised")
def test_a_new_revision_asks_everybody_again(ada: Visitor, before: str) -> None:
    ada.keep("choice", before)
    page = ada.read()
    assert 'value="accept"' in page.text
    assert 'class="dark"' not in page.text


def test_the_question_then_says_what_is_new(revised: Revision) -> None:
    asked = wording("Green Street", ("measurement",))
    assert asked.news == f"New since 3 May 2027: {revised.news}"
    assert revised.news in asked.text


def test_other_words_for_the_same_ask_nobody(
    site: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer hangs on the revision, and on no page, release or sentence."""
    ada.answer(banner="refuse")
    monkeypatch.setattr(terms, "REFUSE", "No optional cookies")
    monkeypatch.setitem(site.config, "BASE_URL", "http://127.0.0.1:8001")
    assert 'value="accept"' not in ada.read().text
    assert f"Revision {CURRENT.number}" in ada.read(HOME).text
