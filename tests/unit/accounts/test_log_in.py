"""Signing in with a password: who is let in, and what the browser is given."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.entries import Session
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import masked
from tests.mailbox import Mailbox, text_of
from tests.people import confirm_second_factor, make_member, member
from tests.unit.accounts.conftest import PASSWORD, cookies, is_in, log_in, new_browser, set_password

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


@pytest.mark.parametrize("name", ["ada", "ADA", " ada ", "ada@example.org", "Ada@Example.ORG"])
def test_username_or_address_and_password_let_in(browser: FlaskClient, name: str) -> None:
    answer = log_in(browser, name)
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert is_in(browser)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ada", PASSWORD + "!"),
        ("ada", PASSWORD.upper()),
        ("ada", PASSWORD[:-1]),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
    ],
)
def test_anything_else_gets_one_and_the_same_page(
    browser: FlaskClient, name: str, password: str
) -> None:
    answer = log_in(browser, name, password)
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert cookies(answer) == {}
    assert PASSWORD not in answer.text


def test_an_account_without_a_password_cannot_be_signed_in_to_with_one(
    browser: FlaskClient, app: Flask
) -> None:
    with app.app_context(), transaction():
        member("ada").password_hash = None
    for password in ("", "nobody", PASSWORD):
        assert log_in(browser, password=password).status_code == 422


def test_spaces_and_any_script_in_a_password_are_kept(browser: FlaskClient, app: Flask) -> None:

    secret = "  påsswörd ключ 🔑 "
    with app.app_context():
        set_password("ada", secret)
    assert log_in(browser, password=secret.strip()).status_code == 422
    # Composed and decomposed letters are the same key on a keyboard.

    assert log_in(browser, password=unicodedata.normalize("NFD", secret)).status_code == 303


def test_the_cookie_is_a_token_that_ends_with_the_browser(browser: FlaskClient) -> None:
    given = cookies(log_in(browser))
    assert set(given) == {"session", "device"}
    assert "HttpOnly" in given["session"]
    assert "SameSite=Lax" in given["session"]
    assert "Path=/" in given["session"]
    assert "Max-Age" not in given["session"]
    assert "Expires" not in given["session"]


def test_over_https_the_cookies_are_secure_and_bound_to_the_host(
    make_app: Any,
) -> None:

    app = make_app(BASE_URL="https://www.example.org")
    with app.app_context():
        make_member("ada")
        set_password("ada")
    client = new_browser(app)
    answer = client.post(
        "/account/log-in/",
        data={"name": "ada", "password": PASSWORD},
        base_url="https://www.example.org",
    )
    given = cookies(answer)
    assert set(given) == {"__Host-session", "__Host-device"}
    assert all("Secure" in line and "Domain" not in line for line in given.values())


def test_who_stays_gets_the_cookie_of_thirty_days_in_its_place(
    browser: FlaskClient, app: Flask
) -> None:
    given = cookies(log_in(browser, stays="y"))
    assert f"Max-Age={30 * 86_400}" in given["remember"]
    assert "session" not in given
    assert is_in(browser)
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        assert is_in(browser)
    with time_machine.travel(clock.now() + timedelta(days=30, minutes=1), tick=False):
        assert not is_in(browser)


def test_staying_is_no_recent_sign_in(browser: FlaskClient) -> None:
    log_in(browser, stays="y")
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        assert is_in(browser)
        answer = browser.post("/account/email/", data={"email": "new@example.org"})
        assert answer.location.startswith("/account/confirm/?next=")


def test_the_table_holds_no_token_and_no_address(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    cookie = browser.get_cookie("session")
    assert cookie
    with app.app_context():
        row = db.session.scalars(sa.select(Session)).one()
        raw = db.session.execute(sa.text("SELECT token_hash, ip FROM sessions")).one()
        assert cookie.value.encode() not in bytes(raw.token_hash)
        assert b"203.0.113" not in bytes(raw.ip)
        assert masked(row, "ip") == "203.0.•.•"
        assert row.device == "Firefox on Linux"


def test_a_second_factor_leaves_the_session_pending(browser: FlaskClient, app: Flask) -> None:
    with app.app_context():
        confirm_second_factor("ada")
    answer = log_in(browser, next="/account/email/")
    assert answer.location == "/account/log-in/second-factor/?next=%2Faccount%2Femail%2F"
    assert not is_in(browser)
    assert "device" not in cookies(answer)


@pytest.mark.parametrize("next_", ["/account/email/", "/blog/?page=2", "/a%20b/#c"])
def test_one_is_led_back_to_where_one_was(browser: FlaskClient, next_: str) -> None:
    assert log_in(browser, next=next_).location == next_


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "account/",
        "/\t/evil.example",
        "/\n/evil.example",
        "http:///evil.example",
        "//[::1",
        "",
    ],
)
def test_one_is_never_led_to_another_site(browser: FlaskClient, next_: str) -> None:
    led_to = log_in(browser, next=next_).location
    assert led_to.startswith("/")
    assert not led_to.startswith(("//", "/\\"))
    assert led_to == "/account/" or not next_.isprintable()
    page = new_browser(browser.application).get("/account/log-in/", query_string={"next": next_})
    assert "evil" not in page.text


def test_who_is_signed_in_already_is_led_on(browser: FlaskClient) -> None:
    log_in(browser)
    answer = browser.get("/account/log-in/?next=/account/email/")
    assert (answer.status_code, answer.location) == (303, "/account/email/")


def test_a_page_for_members_leads_to_the_log_in_and_back(browser: FlaskClient) -> None:
    answer = browser.get("/account/email/")
    assert (answer.status_code, answer.location) == (
        303,
        "/account/log-in/?next=%2Faccount%2Femail%2F",
    )
    assert 'value="/account/email/"' in browser.get(answer.location).text


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(
    browser: FlaskClient, outbox: Mailbox
) -> None:
    log_in(browser)
    assert len(outbox) == 1
    assert "Firefox on Linux" in text_of(outbox[0])
    assert "203.0.113" not in text_of(outbox[0])
    log_in(browser)
    assert len(outbox) == 1


def test_every_log_in_makes_a_new_token(browser: FlaskClient) -> None:
    tokens = set()
    for _ in range(3):
        log_in(browser)
        cookie = browser.get_cookie("session")
        assert cookie
        tokens.add(cookie.value)
    assert len(tokens) == 3


def test_a_planted_cookie_is_not_taken_over(browser: FlaskClient, app: Flask) -> None:
    browser.set_cookie("session", "chosen-by-an-attacker")
    log_in(browser)
    thief = new_browser(app)
    thief.set_cookie("session", "chosen-by-an-attacker")
    assert is_in(browser)
    assert not is_in(thief)


@pytest.mark.parametrize(
    "more",
    [
        {"is_owner": "1", "state": "open", "is_pending": "0"},
        {"second_factor": "skip", "factors": ""},
        {"user_id": "1", "uid": "1", "role": "owner"},
    ],
)
def test_further_fields_open_nothing(
    browser: FlaskClient, app: Flask, more: dict[str, str]
) -> None:
    with app.app_context():
        confirm_second_factor("ada")
    log_in(browser, **more)
    assert not is_in(browser)


def test_a_log_in_from_another_site_is_refused(browser: FlaskClient) -> None:
    answer = browser.post(
        "/account/log-in/",
        data={"name": "ada", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert not is_in(browser)
