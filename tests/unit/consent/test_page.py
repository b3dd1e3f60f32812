"""The page of cookie choices: what is on, every cookie there is, and the receipt."""

import re
from typing import Any

import pytest
from flask import Flask

from app.core.registry import registry
from app.core.web.cookies import running_name
from tests.crawl import Markup
from tests.unit.consent.conftest import HOME, Visitor


def radios(html: str) -> dict[tuple[str, str], bool]:
    """Name and value of every radio button of the page's own form, and whether it is on."""
    markup = Markup()
    markup.feed(html.partition("<main")[2].partition("</main>")[0])
    return {
        (given["name"], given["value"]): "checked" in given
        for tag, given in markup.elements
        if tag == "input" and given.get("type") == "radio"
    }


def test_no_is_the_default_and_comes_first(ada: Visitor) -> None:
    found = radios(ada.read(HOME).text)
    assert list(found)[:4] == [
        *((name, value) for name in ("preferences", "measurement") for value in ("no", "yes")),
    ]
    assert [key for key, is_on in found.items() if is_on] == [
        ("preferences", "no"),
        ("measurement", "no"),
        ("scheme", "auto"),
    ]
    assert not any(name == "necessary" for name, _value in found)


def test_it_shows_what_was_chosen(ada: Visitor) -> None:
    ada.answer(page="save", preferences="yes", measurement="no", scheme="light")
    found = radios(ada.read(HOME).text)
    assert [key for key, is_on in found.items() if is_on] == [
        ("preferences", "yes"),
        ("measurement", "no"),
        ("scheme", "light"),
    ]


def table(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", html, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


@pytest.mark.promise("cookies-explained")
@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://www.example.org"])
def test_every_declared_cookie_stands_in_the_table_as_it_runs(make_site: Any, base: str) -> None:
    site: Flask = make_site(BASE_URL=base)
    page = site.test_client().get(HOME, base_url=base).text
    with site.app_context():
        wanted = {
            running_name(each): (each.category, each.path, each.read_by, each.set_by)
            for each in registry().every("cookies")
        }
    shown = {row[0]: (row[1], row[4], row[5], row[6]) for row in table(page)}
    assert shown == wanted
    assert all(cell.strip() for row in table(page) for cell in row)


@pytest.mark.promise("cookies-explained")
def test_it_explains_what_a_cookie_is(ada: Visitor) -> None:
    assert "A cookie is a small text that a site gives to a browser" in ada.read(HOME).text


def test_it_is_kept_for_nobody_else(ada: Visitor) -> None:
    answer = ada.read(HOME)
    assert answer.headers["Cache-Control"] == "private, no-cache"
