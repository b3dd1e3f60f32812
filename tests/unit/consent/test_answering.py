"""Answering: what is set, for how long, and where one is led."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core import clock
from tests.unit.consent.conftest import HOME, POST, Visitor, given

HALF_A_YEAR = 182 * 86_400
CROSS = ("cross-site", "same-site", "none", "")


@pytest.mark.parametrize(("pressed", "kept"), [("refuse", "1.1.p0m0"), ("accept", "1.1.p1m1")])
def test_both_answers_last_the_same_half_year(ada: Visitor, pressed: str, kept: str) -> None:
    set_ = given(ada.answer(banner=pressed))
    assert set_["choice"].value == kept
    assert set_["choice"]["max-age"] == set_["receipt"]["max-age"] == str(HALF_A_YEAR)
    assert set_["receipt"]["path"] == HOME


def test_visits_do_not_prolong_an_answer(ada: Visitor) -> None:
    ada.answer(banner="accept")
    for _visit in range(3):
        for address in (POST, "/", HOME, "/no-such-page/"):
            assert not {"choice", "receipt"} & given(ada.read(address)).keys()


def test_saying_the_same_again_does_not_prolong_it_either(ada: Visitor) -> None:
    ada.answer(banner="refuse")
    for again in ({"banner": "refuse"}, {"footer": "refuse"}, {"page": "save"}):
        assert not {"choice", "receipt"} & given(ada.answer(**again)).keys()


def test_a_refusal_is_not_asked_about_again_for_half_a_year(site: Flask) -> None:
    ada = Visitor(site, {})
    now = clock.now()
    with time_machine.travel(now, tick=False):
        ada.answer(footer="refuse")
    for days in (1, 90, 181):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            assert 'value="accept"' not in ada.read("/garden/").text
    ada.client.delete_cookie("choice")  # as the browser does by itself on day 182
    assert 'value="accept"' in ada.read("/garden/").text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_silence_and_reading_on_are_no_answer(ada: Visitor, method: str) -> None:
    for address in (POST, "/", f"{HOME}?banner=accept", "/?choice=1.1.p1m1", HOME):
        answer = ada.client.open(address, method=method)
        assert "Set-Cookie" not in answer.headers
    assert 'value="accept"' in ada.read().text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"banner": ""},
        {"banner": "maybe"},
        {"banner": "accept", "footer": "refuse"},
        {"footer": "accept"},
        {"page": "accept"},
        {"colours": "accept"},
        {"answer": "accept"},
        {"Banner": "accept"},
        {"preferences": "yes", "measurement": "yes"},
        {"banner": "a" * 5_000},
        {"banner": "accept\x00"},
    ],
)
def test_a_form_without_an_answer_changes_nothing(ada: Visitor, fields: dict[str, str]) -> None:
    answer = ada.answer(**fields)
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers
    assert "neither yes nor no" in answer.text


@pytest.mark.parametrize("word", ["", "on", "true", "1", "YES", "yes ", "no"])
def test_only_a_yes_is_a_yes(ada: Visitor, word: str) -> None:
    ada.answer(page="save", preferences=word, measurement=word)
    assert ada.cookie("choice") == "1.1.p0m0"


@pytest.mark.parametrize("origin", CROSS)
def test_another_site_cannot_make_somebody_agree(site: Flask, origin: str) -> None:
    ada = site.test_client()
    for address in (HOME, f"{HOME}forget/"):
        answer = ada.post(address, data={"banner": "accept"}, headers={"Sec-Fetch-Site": origin})
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers
    for headers in ({}, {"Origin": "https://elsewhere.example.org"}, {"Origin": "null"}):
        assert ada.post(HOME, data={"banner": "accept"}, headers=headers).status_code == 403
    assert ada.get_cookie("choice") is None


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        (POST, POST),
        ("/search/?q=tulips", "/search/?q=tulips"),
        ("/garden/tulips/#comment-form", "/garden/tulips/"),
        (None, HOME),
        *(
            (odd, HOME)
            for odd in (
                *("", "//evil.example", "https://evil.example/", "/\\evil.example", "evil"),
                *("javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "/%0d%0a\n", "/" + "a" * 3_000),
                *("///evil.example", "\t//evil.example", " /x"),
            )
        ),
    ],
)
def test_one_is_led_back_to_a_page_of_this_site(ada: Visitor, asked: str | None, led: str) -> None:
    answer = ada.answer(banner="refuse", **{"next": asked} if asked is not None else {})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{led}#choice-saved"


def test_the_banner_says_where_it_stood(ada: Visitor) -> None:
    for address in (POST, "/search/?q=tulips"):
        assert f'name="next" value="{address}"' in ada.read(address).text


def test_a_page_that_is_not_there_does_not_repeat_its_address(ada: Visitor) -> None:
    """So that all of them are one; the browser says by itself where it was."""
    pages = {ada.read(address).data for address in ("/no-such-page/", "/nor-this/")}
    assert len(pages) == 1
    answer = ada.client.post(
        HOME,
        data={"banner": "refuse"},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": "http://localhost/nor-this/"},
    )
    assert answer.headers["Location"] == "/nor-this/#choice-saved"


def test_the_confirmation_waits_where_the_button_was(ada: Visitor) -> None:
    """In the page for everybody who has answered, and shown by the address alone."""
    anchors = {"banner": "choice-saved", "footer": "choice-noted"}
    for button, anchor in anchors.items():
        led = ada.answer(next=POST, **{button: "refuse"}).headers["Location"]
        assert led == f"{POST}#{anchor}"
        wanted = f'role="status" tabindex="-1" id="{anchor}">Your choice is kept.'
        assert wanted in ada.read().text


def test_a_browser_that_keeps_no_cookies_is_told_so(site: Flask) -> None:
    ada = site.test_client(use_cookies=False)
    headers = {"Sec-Fetch-Site": "same-origin"}
    led = ada.post(HOME, data={"banner": "accept", "next": POST}, headers=headers)
    page = ada.get(led.headers["Location"].partition("#")[0])
    assert 'id="choice-saved">Your browser keeps no cookies here' in page.text
    assert "Set-Cookie" not in page.headers


def test_a_secure_site_uses_names_that_browsers_hold_to_it(make_site: Any) -> None:
    site: Flask = make_site(BASE_URL="https://www.example.org")
    ada = site.test_client()
    answer = ada.post(
        HOME,
        data={"banner": "accept"},
        base_url="https://www.example.org",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    cookies = given(answer)
    assert set(cookies) == {"__Host-choice", "__Secure-receipt"}
    assert all(cookie["secure"] and cookie["httponly"] for cookie in cookies.values())
    page = ada.get(POST, base_url="https://www.example.org")
    assert set(given(page)) == {"__Host-seen"}
    choices = ada.get(HOME, base_url="https://www.example.org").text
    for name in ("__Host-choice", "__Secure-receipt", "__Host-seen", "__Host-remember"):
        assert f"<code>{name}</code>" in choices
    bare = site.test_client().get(
        POST, base_url="https://www.example.org", headers={"Cookie": "choice=1.1.p1m1"}
    )
    assert 'value="accept"' in bare.text
