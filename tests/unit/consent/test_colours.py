"""Colours that are remembered for those who had them remembered, and made on the server."""

import pytest
from flask import Flask

from tests.unit.consent.conftest import HOME, POST, Visitor


def switch(html: str) -> str:
    """The value that the switch in the footer stands at."""
    before, _, _ = html.partition(" checked>")
    return before.rpartition('value="')[2].partition('"')[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_remembered_colours_are_in_the_first_bytes_of_every_page(ada: Visitor, scheme: str) -> None:
    ada.answer(colours="keep", scheme=scheme, next=POST)
    assert ada.cookie("choice") == f"1.1.p1m0-{scheme}"
    for address in (POST, "/", "/no-such-page/", "/account/log-in/"):
        page = ada.read(address).text
        assert f'<html lang="en" dir="ltr" class="{scheme}">' in page
        assert f'<meta name="color-scheme" content="{scheme}">' in page
        assert page.count('<meta name="theme-color"') == 1
    assert switch(ada.read().text) == scheme


def test_nobody_is_given_colours_they_did_not_ask_for(ada: Visitor) -> None:
    page = ada.read().text
    assert '<html lang="en" dir="ltr">' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert switch(page) == "auto"


def test_asking_to_remember_allows_just_that(ada: Visitor) -> None:
    """At its own place, a button that says so; measurement is not part of it."""
    answer = ada.answer(colours="keep", scheme="dark", next=POST)
    assert answer.headers["Location"] == f"{POST}#choice-noted"
    assert ada.cookie("choice") == "1.1.p1m0-dark"
    ada.answer(page="save", preferences="yes", measurement="yes", scheme="dark")
    ada.answer(colours="keep", scheme="light")
    assert ada.cookie("choice") == "1.1.p1m1-light"


def test_the_colours_of_the_system_need_no_word(ada: Visitor) -> None:
    ada.answer(colours="keep", scheme="dark")
    ada.answer(colours="keep", scheme="auto")
    assert ada.cookie("choice") == "1.1.p1m0"


@pytest.mark.parametrize("scheme", ["", "blue", "dark ", "DARK", "-light", "x" * 4_000])
def test_colours_that_do_not_exist_are_none(ada: Visitor, scheme: str) -> None:
    ada.answer(colours="keep", scheme=scheme)
    assert ada.cookie("choice") == "1.1.p1m0"


def test_colours_go_with_the_preference(ada: Visitor) -> None:
    ada.answer(page="save", preferences="no", scheme="dark")
    assert ada.cookie("choice") == "1.1.p0m0"
    ada.answer(colours="keep", scheme="dark")
    ada.answer(footer="refuse")
    assert 'class="dark"' not in ada.read().text


def test_accepting_later_keeps_them(ada: Visitor) -> None:
    ada.answer(colours="keep", scheme="dark")
    ada.answer(banner="accept")
    assert ada.cookie("choice") == "1.1.p1m1-dark"


def test_each_variant_is_a_page_of_its_own_to_caches(site: Flask) -> None:
    """Five answers, five strong tags, and one way to tell which is whose."""
    tags = set()
    for choice, signal in (
        *((None, "0"), (None, "1"), ("1.1.p0m0", "0")),
        *(("1.1.p1m0-light", "0"), ("1.1.p1m0-dark", "0")),
    ):
        visitor = Visitor(site, {"DNT": signal})
        if choice:
            visitor.keep("choice", choice)
        page = visitor.read()
        assert page.headers["Cache-Control"] == "no-cache"
        assert {"Cookie", "Sec-GPC", "DNT"} <= set(page.headers["Vary"].split(", "))
        assert not page.headers["ETag"].startswith("W/")
        tags.add(page.headers["ETag"])
        assert visitor.read(**{"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert len(tags) == 5


def test_yes_and_no_get_the_same_bytes(site: Flask) -> None:
    pages = []
    for value in ("1.1.p0m0", "1.1.p1m0"):
        visitor = Visitor(site, {})
        visitor.keep("choice", value)
        pages.append(visitor.read().data)
    assert pages[0] == pages[1]
    assert HOME.encode() in pages[0]
