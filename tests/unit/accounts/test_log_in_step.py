"""The second step of a log-in: with a code, and never around it."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import recovery, totp
from app.accounts.entries import Session
from app.accounts.factors import RecoveryCode
from app.accounts.second_factor import spend_code
from app.core import clock
from app.core.database import db, transaction
from app.core.errors import TooMany
from tests.mailbox import Mailbox
from tests.people import confirm_second_factor, make_member, member
from tests.unit.accounts.conftest import (
    PASSWORD,
    is_in,
    log_in,
    new_browser,
    newest_link,
    set_password,
)

pytestmark = pytest.mark.database

STEP = "/account/log-in/second-factor/"
SECRET = "JBSWY3DPEHPK3PXP" * 2


@pytest.fixture(autouse=True)
def ada(app: Flask) -> None:
    """Ada has a password and an authenticator app."""
    with app.app_context():
        make_member("ada", "ada@example.org")
        set_password("ada")
        confirm_second_factor("ada", SECRET)
        db.session.remove()


def right_code() -> str:
    return totp.code_at(SECRET, clock.now())


def add_recovery_code(app: Flask) -> str:
    code = recovery.new_codes()[0]
    with app.app_context():
        with transaction() as session:
            hashed = recovery.code_hash(code)
            session.add(RecoveryCode(user_id=member("ada").id, code_hash=hashed))
        db.session.remove()
    return code


def test_a_password_alone_opens_nothing(browser: FlaskClient) -> None:
    answer = log_in(browser, next="/admin/")
    assert answer.status_code == 303
    assert answer.location == f"{STEP}?next=%2Fadmin%2F"
    assert not is_in(browser)
    assert browser.get(answer.location).status_code == 200


def test_the_right_code_opens_the_account_and_leads_on(browser: FlaskClient) -> None:
    log_in(browser)
    answer = browser.post(f"{STEP}?next=/account/email/", data={"code": right_code()})
    assert (answer.status_code, answer.location) == (303, "/account/email/")
    assert is_in(browser)


def test_the_session_gets_a_new_token_with_the_step(app: Flask, browser: FlaskClient) -> None:
    log_in(browser)
    before = browser.get_cookie("session").value
    browser.post(STEP, data={"code": right_code()})
    assert browser.get_cookie("session").value != before
    stale = new_browser(app)
    stale.set_cookie("session", before)
    assert not is_in(stale)


def test_a_wrong_code_keeps_the_door_shut_and_says_so(browser: FlaskClient) -> None:
    log_in(browser)
    answer = browser.post(STEP, data={"code": "000000"})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert not is_in(browser)


def test_the_same_code_does_not_work_in_two_browsers(app: Flask, browser: FlaskClient) -> None:
    with time_machine.travel(clock.now(), tick=False):
        other = new_browser(app, "198.51.100.7")
        log_in(browser), log_in(other)
        assert browser.post(STEP, data={"code": right_code()}).status_code == 303
        assert other.post(STEP, data={"code": right_code()}).status_code == 422
        assert not is_in(other)


def test_a_recovery_code_stands_in_once(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    code = add_recovery_code(app)
    log_in(browser)
    assert browser.post(STEP, data={"code": code.upper()}).status_code == 303
    assert is_in(browser)
    other = new_browser(app)
    log_in(other)
    assert other.post(STEP, data={"code": code}).status_code == 422
    assert any("recovery code was used" in mail.as_string() for mail in outbox)


def test_another_persons_recovery_code_is_worth_nothing(app: Flask, browser: FlaskClient) -> None:
    code = add_recovery_code(app)
    with app.app_context():
        make_member("bo", "bo@example.org")
        set_password("bo")
        confirm_second_factor("bo")
        db.session.remove()
    log_in(browser, "bo")
    assert browser.post(STEP, data={"code": code}).status_code == 422


def test_guessing_is_slowed_down_for_all_browsers_together(app: Flask) -> None:
    answers = []
    with time_machine.travel(clock.now(), tick=False):
        for number in range(9):
            client = new_browser(app, f"198.51.100.{number}")
            log_in(client)
            answers.append(client.post(STEP, data={"code": "000000"}))
        assert answers[-1].status_code == 429
        assert "Retry-After" in answers[-1].headers
        client = new_browser(app, "192.0.2.1")
        log_in(client)
        # Even the right one waits, or the limit could be guessed around.
        assert client.post(STEP, data={"code": right_code()}).status_code == 429
    with time_machine.travel(clock.now().timestamp() + 20 * 60, tick=False):
        log_in(client)
        assert client.post(STEP, data={"code": right_code()}).status_code == 303


def test_without_a_first_step_there_is_no_second(browser: FlaskClient) -> None:
    for answer in (browser.get(STEP), browser.post(STEP, data={"code": right_code()})):
        assert answer.status_code == 303
        assert answer.location.startswith("/account/log-in/?next=")


def test_the_first_step_is_forgotten_after_ten_minutes(browser: FlaskClient) -> None:
    log_in(browser)
    with time_machine.travel(clock.now().timestamp() + 601, tick=False):
        answer = browser.post(STEP, data={"code": right_code()})
        assert answer.location.startswith("/account/log-in/")
        assert not is_in(browser)


def test_a_mailed_link_asks_for_the_second_factor_too(
    browser: FlaskClient, outbox: Mailbox
) -> None:
    browser.post("/account/log-in/link/", data={"name": "ada"})
    answer = browser.post(newest_link(outbox))
    assert answer.location.startswith(STEP)
    assert not is_in(browser)


def test_a_new_password_does_not_remove_the_second_factor(
    browser: FlaskClient, outbox: Mailbox
) -> None:
    browser.post("/account/reset/", data={"name": "ada"})
    browser.post(newest_link(outbox), data={"password": "another horse battery staple"})
    answer = log_in(browser, password="another horse battery staple")
    assert answer.location.startswith(STEP)
    assert not is_in(browser)


#: What somebody might add to a request in the hope that the code is not asked for.
EXTRAS: list[dict[str, Any]] = [
    {name: value}
    for name, value in itertools.product(
        (
            *("second_factor", "mfa", "otp", "totp", "code", "skip", "verified", "trusted"),
            *("state", "is_pending", "pending", "remember", "stays", "device", "user", "user_id"),
            *("role", "is_owner", "confirmed_at", "factor", "step", "next", "_method", "passkey"),
        ),
        ("1", "true", "open", "", "null"),
    )
]


def test_no_extra_property_skips_the_factor(app: Flask, browser: FlaskClient) -> None:
    everything = {name: value for extra in EXTRAS for name, value in extra.items()}
    tries: list[dict[str, Any]] = [{}, everything, *EXTRAS[::4]]
    for number, extra in enumerate(tries):
        # Each from another place, so that no limit answers in place of the rule.
        client = new_browser(app, f"198.51.100.{number}")
        client.post(
            "/account/log-in/",
            data={**extra, "name": "ada", "password": PASSWORD},
            query_string=extra,
            headers={f"X-{name}": value for name, value in extra.items()},
        )
        assert client.get(STEP).status_code == 200, extra
        assert not is_in(client), extra
    log_in(browser)
    for extra in ({}, everything):
        given = {**extra, "code": "000000"}
        browser.post(STEP, data=given, query_string=extra)
        browser.post(STEP, json=given)
        browser.post(f"{STEP}passkey/", data={**extra, "answer": "{}"})
        browser.post("/account/log-in/passkey/", data={**extra, "answer": "{}"})
        assert not is_in(browser), extra
    with app.app_context():
        states = set(db.session.scalars(sa.select(Session.state)))
    assert {state.value for state in states} == {"pending"}


def test_a_code_in_the_address_is_no_code(browser: FlaskClient) -> None:
    log_in(browser)
    browser.get(STEP, query_string={"code": right_code()})
    browser.post(STEP, query_string={"code": right_code()})
    assert not is_in(browser)


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_away_from_here(browser: FlaskClient, to: str) -> None:
    log_in(browser)
    answer = browser.post(STEP, query_string={"next": to}, data={"code": right_code()})
    assert answer.location == "/account/"


def test_of_many_who_show_one_code_at_once_one_gets_in(app: Flask) -> None:
    recovery_code = add_recovery_code(app)

    def show(code: str) -> bool:
        with app.app_context():
            try:
                return spend_code(member("ada"), code)
            except TooMany:
                return False

    for code in (right_code(), recovery_code):
        with ThreadPoolExecutor(5) as crowd:
            assert sum(crowd.map(show, [code] * 5)) == 1


def test_a_code_sent_after_the_wait_was_over_leads_back_to_the_password(
    browser: FlaskClient,
) -> None:
    for path in ("", "options/", "passkey/"):
        answer = browser.post(f"/account/log-in/second-factor/{path}", data={"text": "typed"})
        assert answer.status_code == 403, path
        assert "You were signed out meanwhile" in answer.text
