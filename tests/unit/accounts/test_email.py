"""Another address for the account: proved first, and the old one is told."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from tests.mailbox import Mailbox, html_of, text_of
from tests.people import make_member, token_in
from tests.unit.accounts.conftest import log_in, new_browser, newest_link

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


def ask(client: FlaskClient, email: str) -> Any:
    token = token_in(client.get("/account/email/"))
    return client.post("/account/email/", data={"csrf_token": token, "email": email})


def test_the_new_address_counts_once_its_link_was_used(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    log_in(browser)
    assert ask(browser, "lovelace@example.org").location == "/account/email/#asked"
    page = browser.get("/account/email/").text
    assert "ada@example.org" in page
    assert "lovelace@example.org" in page
    link = newest_link(outbox)
    assert new_browser(app).get(link).status_code == 200
    assert "Your address is <strong>ada@example.org" in browser.get("/account/email/").text
    assert browser.post(link).location == "/account/email-changed/"
    assert "Your address is <strong>lovelace@example.org" in browser.get("/account/email/").text
    assert log_in(new_browser(app), "lovelace@example.org").status_code == 303
    assert log_in(new_browser(app), "ada@example.org").status_code == 422


def test_the_old_address_is_told_without_the_new_one(browser: FlaskClient, outbox: Mailbox) -> None:
    log_in(browser)
    ask(browser, "lovelace@example.org")
    browser.post(newest_link(outbox))
    letter = outbox.to("ada@example.org")[-1]
    assert "has a new email address" in text_of(letter)
    assert "lovelace" not in text_of(letter) + html_of(letter)


def test_an_address_with_an_account_is_told_so_and_nothing_is_shown(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    with app.app_context():
        make_member("bo", "bo@example.org")
    log_in(browser)
    assert ask(browser, "bo@example.org").location == "/account/email/#asked"
    (letter,) = outbox.to("bo@example.org")
    assert "/account/link/" not in text_of(letter)
    assert "ada@example.org" not in text_of(letter)


def test_an_address_taken_meanwhile_is_not_taken_twice(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    log_in(browser)
    ask(browser, "shared@example.org")
    link = newest_link(outbox)
    with app.app_context():
        make_member("bo", "shared@example.org")
    assert browser.post(link).status_code == 410
    assert "ada@example.org" in browser.get("/account/email/").text


def test_the_link_of_a_newer_wish_voids_the_older(browser: FlaskClient, outbox: Mailbox) -> None:
    log_in(browser)
    ask(browser, "first@example.org")
    first = newest_link(outbox)
    ask(browser, "second@example.org")
    assert browser.post(first).status_code == 410
    browser.post(newest_link(outbox))
    assert "second@example.org" in browser.get("/account/email/").text


def test_an_old_sign_in_has_to_be_confirmed_first(browser: FlaskClient) -> None:
    log_in(browser, stays="y")
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        token = token_in(browser.get("/account/email/"))
        answer = browser.post(
            "/account/email/",
            data={"csrf_token": token, "email": "new@example.org"},
            headers={"Referer": "http://localhost/account/email/"},
        )
        assert answer.location == "/account/confirm/?next=%2Faccount%2Femail%2F"


@pytest.mark.parametrize("email", ["", "ada", "a@b@c", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_said_beside_its_field(browser: FlaskClient, email: str) -> None:
    log_in(browser)
    assert ask(browser, email).status_code == 422


def test_links_mailed_to_the_old_address_open_nothing_any_more(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    log_in(browser)
    ask(browser, "lovelace@example.org")
    proof = newest_link(outbox)
    new_browser(app).post("/account/log-in/link/", data={"name": "ada"})
    old = newest_link(outbox)
    assert browser.post(proof).status_code == 303
    assert new_browser(app).post(old).status_code == 410
