"""The question on the first page: complete, fair and in nobody's way."""

import re
from typing import Any

from flask import Flask

from tests.crawl import Markup
from tests.unit.consent.conftest import HOME, POST, Visitor


def banner(html: str) -> str:
    """The markup of the banner; empty where there is none."""
    found = re.search(r'<section class="cookies".*?</section>', html, re.DOTALL)
    return found[0] if found else ""


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    markup = Markup()
    markup.feed(html)
    return markup.elements


def test_it_is_a_form_in_the_first_html(ada: Visitor) -> None:
    form = next(given for tag, given in elements(banner(ada.read().text)) if tag == "form")
    assert form["method"] == "post"
    assert form["action"] == HOME


def test_it_has_two_equal_buttons_refusing_first_and_a_link(ada: Visitor) -> None:
    found = [(tag, given) for tag, given in elements(banner(ada.read().text))]
    buttons = [given for tag, given in found if tag == "button"]
    assert [button["value"] for button in buttons] == ["refuse", "accept"]
    assert {button["class"] for button in buttons} == {"button button--quiet"}
    assert {button["name"] for button in buttons} == {"banner"}
    assert [given["href"] for tag, given in found if tag == "a"] == ["#main", HOME]
    words = re.findall(r"<button[^>]*>([^<]+)<", banner(ada.read().text))
    assert words == ["Refuse optional cookies", "Accept optional cookies"]


def test_it_names_the_purposes_before_the_buttons(ada: Visitor) -> None:
    before = banner(ada.read().text).partition("<button")[0]
    for words in ("remember the colours you choose", "new and returning visitors"):
        assert words in before


def test_it_stands_first_in_the_page_as_a_named_region(ada: Visitor) -> None:
    body = ada.read().text.partition("<body>")[2]
    found = elements(body)
    assert found[0] == (
        "section",
        {"class": "cookies", "role": "region", "aria-label": "Cookies on Green Street"},
    )
    assert body.index("</section>") < body.index('class="skip"')
    given = {name for _tag, attributes in elements(banner(body)) for name in attributes}
    assert not given & {"aria-modal", "autofocus", "open", "popover"}


def test_it_is_gone_once_answered(ada: Visitor) -> None:
    ada.answer(banner="refuse")
    assert banner(ada.read().text) == ""


def test_every_page_has_it_errors_too(ada: Visitor) -> None:
    for address in (POST, "/", "/search/", "/no-such-page/", "/garden/"):
        assert banner(ada.read(address).text), address


def test_the_page_of_choices_does_not_ask_twice(ada: Visitor) -> None:
    assert banner(ada.read(HOME).text) == ""


def test_a_site_without_optional_cookies_asks_nobody_and_says_so(make_site: Any) -> None:
    site: Flask = make_site(OPTIONAL_COOKIES=())
    ada = Visitor(site, {})
    page = ada.read().text
    assert banner(page) == ""
    assert "Refuse optional cookies" not in page
    assert "Remember</button>" not in page
    choices = ada.read(HOME).text
    assert "This site has no optional cookies" in choices
    for name in ("seen", "remember"):
        assert f"<code>{name}</code>" not in choices
    assert "Set-Cookie" not in ada.answer(footer="refuse").headers or ada.cookie("choice") is None
    assert ada.cookie("choice") is None


def test_a_site_asks_only_about_what_it_offers(make_site: Any) -> None:
    ada = Visitor(make_site(OPTIONAL_COOKIES=("measurement",)), {})
    page = ada.read().text
    assert "colours you choose" not in banner(page)
    assert "returning visitors" in banner(page)
    assert "Remember</button>" not in page
    ada.answer(banner="accept")
    assert ada.cookie("choice") == "1.1.p0m1"


def test_crawlers_get_the_same_html(ada: Visitor) -> None:
    for agent in ("Googlebot/2.1", "bingbot/2.0", "GPTBot/1.0", "curl/8.0"):
        assert ada.read(**{"User-Agent": agent}).data == ada.read().data
