"""Opening an account: a username, an address, a link."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.entries import Link
from app.accounts.models import User
from app.accounts.tidying import tidy
from app.core import clock
from app.core.database import db
from tests.mailbox import Mailbox, text_of
from tests.people import make_member
from tests.unit.accounts.conftest import PASSWORD, is_in, log_in, new_browser, newest_link

pytestmark = pytest.mark.database


def sign_up(
    client: FlaskClient, username: str = "ada", email: str = "ada@example.org"
) -> TestResponse:
    return client.post("/account/sign-up/", data={"username": username, "email": email})


@pytest.mark.promise("sign-up-asks-two")
def test_the_form_asks_for_username_and_email_and_nothing_else(browser: FlaskClient) -> None:
    page = browser.get("/account/sign-up/").text.partition("<main")[2].partition("</main>")[0]
    asked = re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)
    assert asked == ["username", "email"]


def test_the_mailed_link_opens_the_account(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    answer = sign_up(browser)
    assert (answer.status_code, answer.location) == (303, "/account/sent/")
    link = newest_link(outbox)
    assert "Welcome, ada" in browser.get(link).text
    assert not is_in(browser)
    answer = browser.post(link, data={"password": ""})
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert is_in(browser)
    with app.app_context():
        assert db.session.scalars(sa.select(User.password_hash)).one() is None


def test_a_password_may_be_chosen_on_the_way(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    sign_up(browser)
    browser.post(newest_link(outbox), data={"password": PASSWORD})
    other = new_browser(app)
    assert log_in(other).status_code == 303
    assert is_in(other)


def test_looking_at_the_link_changes_nothing(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    sign_up(browser)
    link = newest_link(outbox)
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    with app.app_context():
        assert db.session.scalars(sa.select(User.email_proved_at)).one() is None
        assert db.session.scalars(sa.select(Link.used_at)).one() is None


def test_the_mail_to_a_stranger_holds_nothing_that_was_typed(
    browser: FlaskClient, outbox: Mailbox
) -> None:
    sign_up(browser, username="prizes.example", email="bo@example.org")
    assert "prizes" not in outbox[-1].as_string()


def test_the_link_works_once(browser: FlaskClient, outbox: Mailbox, app: Flask) -> None:
    sign_up(browser)
    link = newest_link(outbox)
    browser.post(link)
    for client in (browser, new_browser(app)):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
    assert not is_in(new_browser(app))


def test_the_link_is_over_after_a_day_and_the_account_forgotten(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    sign_up(browser)
    link = newest_link(outbox)
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1), tick=False):
        assert browser.post(link).status_code == 410
        with app.app_context():
            tidy()
            assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


@pytest.mark.parametrize("change", ["short", "long", "other", "unicode"])
def test_a_changed_link_is_no_link(browser: FlaskClient, outbox: Mailbox, change: str) -> None:
    sign_up(browser)
    link = newest_link(outbox).rstrip("/")
    changed = {
        "short": link[:-1],
        "long": link + "A",
        "other": link[:-1] + ("A" if link[-1] != "A" else "B"),
        "unicode": link[:-1] + "é" * 300,
    }[change]
    assert browser.post(changed + "/").status_code == 410


def test_a_newer_link_voids_the_older(browser: FlaskClient, outbox: Mailbox, app: Flask) -> None:
    with app.app_context():
        make_member("ada")
    browser.post("/account/log-in/link/", data={"name": "ada"})
    first = newest_link(outbox)
    browser.post("/account/log-in/link/", data={"name": "ada"})
    assert browser.post(first).status_code == 410
    assert browser.post(newest_link(outbox)).status_code == 303


def test_an_address_with_an_account_is_told_so_and_gets_no_link(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    with app.app_context():
        make_member("ada", "ada@example.org")
    answer = sign_up(browser, "somebody", "ADA@example.org")
    assert answer.location == "/account/sent/"
    assert "already" in text_of(outbox[-1])
    assert "/account/link/" not in text_of(outbox[-1])


@pytest.mark.parametrize("username", ["ada", "ADA", "ａda"])
def test_a_username_that_looks_the_same_is_taken(
    browser: FlaskClient, app: Flask, username: str
) -> None:
    with app.app_context():
        make_member("ada")
    answer = sign_up(browser, username, "other@example.org")
    assert answer.status_code == 422
    assert "Somebody has this username" in answer.text
    assert "other@example.org" in answer.text


@pytest.mark.parametrize(
    ("username", "email"),
    [
        ("", "ada@example.org"),
        ("a", "ada@example.org"),
        ("x" * 33, "ada@example.org"),
        ("a da", "ada@example.org"),
        ("ada@example.org", "ada@example.org"),
        ("-ada", "ada@example.org"),
        ("Admin", "ada@example.org"),
        ("closed-7", "ada@example.org"),
        ("ada", ""),
        ("ada", "ada"),
        ("ada", "ada@"),
        ("ada", "a" * 250 + "@example.org"),
        ("ada", "ada@example.org\r\nBcc: bo@example.org"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nobody_is_written_to(
    browser: FlaskClient, outbox: Mailbox, username: str, email: str
) -> None:
    answer = sign_up(browser, username, email)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert len(outbox) == 0


def test_two_who_ask_with_one_address_do_not_disturb_each_other(
    browser: FlaskClient, outbox: Mailbox, app: Flask
) -> None:
    sign_up(browser, "ada")
    hers = newest_link(outbox)
    sign_up(new_browser(app), "trickster")
    theirs = newest_link(outbox)
    assert browser.post(hers).status_code == 303
    assert new_browser(app).post(theirs).status_code == 410


def test_an_address_is_not_flooded(browser: FlaskClient, outbox: Mailbox, app: Flask) -> None:
    answers = {
        sign_up(new_browser(app, f"198.51.100.{number}"), f"ada{number}").location
        for number in range(12)
    }
    assert answers == {"/account/sent/"}
    assert 5 <= len(outbox) <= 7


def test_a_bad_password_leaves_the_link_good(browser: FlaskClient, outbox: Mailbox) -> None:
    sign_up(browser)
    link = newest_link(outbox)
    assert browser.post(link, data={"password": "short"}).status_code == 422
    assert browser.post(link, data={"password": PASSWORD}).status_code == 303
