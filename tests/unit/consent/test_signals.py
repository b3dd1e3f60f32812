"""Browsers that ask every site not to track: heeded without a question and without a cookie."""

import json
from datetime import date

import pytest
from flask import Flask

from tests.unit.consent.conftest import HOME, POST, Visitor, given
from tests.unit.consent.test_withdrawing import visitors


@pytest.mark.promise("no-cookie-before-yes")
def test_a_signal_is_a_refusal_without_a_banner(quiet: Visitor) -> None:
    for address in (POST, "/", "/search/", "/no-such-page/"):
        page = quiet.read(address)
        assert "Accept optional cookies" not in page.text
        assert "Your browser asks not to be tracked. We heed that, and need no cookie" in page.text
        assert "Set-Cookie" not in page.headers


def test_the_page_of_choices_says_so_and_shuts_the_switch(quiet: Visitor) -> None:
    page = quiet.read(HOME).text
    assert "Your browser asks every site not to track it" in page
    for value in ("no", "yes"):
        field = page.partition(f'name="measurement" value="{value}"')[2].partition(">")[0]
        assert "disabled" in field


def test_an_older_yes_counts_nothing_and_its_cookie_goes(site: Flask, quiet: Visitor) -> None:
    quiet.keep("choice", "1.1.p1m1")
    quiet.keep("seen", "2026-11-01")
    before = visitors(site)
    first = quiet.read()
    assert given(first)["seen"]["max-age"] == "0"
    assert "Set-Cookie" not in quiet.read().headers
    assert visitors(site) == before


def test_preferences_ticked_later_are_honoured_and_measurement_is_not(quiet: Visitor) -> None:
    quiet.answer(page="save", preferences="yes", measurement="yes", scheme="dark")
    assert quiet.cookie("choice") == "1.1.p1m0-dark"
    page = quiet.read()
    assert 'class="dark"' in page.text
    assert "Set-Cookie" not in page.headers


def test_refusing_on_top_of_a_signal_needs_no_cookie(quiet: Visitor) -> None:
    answer = quiet.answer(footer="refuse", next=POST)
    assert answer.headers["Location"] == f"{POST}#choice-noted"
    assert quiet.cookie("choice") is None
    assert quiet.receipt is None
    assert 'id="choice-noted">Nothing optional is on, as your browser asked.' in quiet.read().text


@pytest.mark.parametrize("signal", ["Sec-GPC", "DNT"])
def test_a_signal_of_nought_is_no_agreement(site: Flask, signal: str) -> None:
    page = Visitor(site, {signal: "0"}).read()
    assert "Accept optional cookies" in page.text
    assert "Set-Cookie" not in page.headers


def test_support_is_declared_to_machines(ada: Visitor) -> None:
    answer = ada.read("/.well-known/gpc.json")
    facts = json.loads(answer.text)
    assert answer.mimetype == "application/json"
    assert facts["gpc"] is True
    assert date.fromisoformat(facts["lastUpdate"]) <= date.today()  # noqa: DTZ011 - a day is enough
    assert "Cookie" not in answer.headers.get("Vary", "")
