"""Guessing is slowed down, and the one who lives there gets in (P18)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from tests.mailbox import Mailbox
from tests.people import make_member
from tests.unit.accounts.conftest import (
    PASSWORD,
    is_in,
    log_in,
    new_browser,
    newest_link,
    set_password,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]

WRONG = "an honest mistake of mine"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    """A slow machine must not sit a pause out."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def guess(app: Flask, address: str, name: str = "ada") -> int:
    return log_in(new_browser(app, address), name, WRONG).status_code


def test_five_tries_are_free_then_each_waits_longer(app: Flask) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        assert [guess(app, "198.51.100.7") for _ in range(5)] == [422] * 5
        answer = log_in(new_browser(app, "198.51.100.7"), "ada", WRONG)
        assert answer.status_code == 429
        waits = []
        for _ in range(14):
            answer = log_in(new_browser(app, "198.51.100.7"), "ada", WRONG)
            waits.append(int(answer.headers["Retry-After"]))
            traveller.shift(timedelta(seconds=waits[-1]))
            assert guess(app, "198.51.100.7") == 422
        assert waits[:5] == [2, 3, 5, 9, 17]
        assert waits[-1] == 901


def test_a_refused_try_is_not_even_looked_at(app: Flask) -> None:
    for _ in range(5):
        guess(app, "198.51.100.7")
    client = new_browser(app, "198.51.100.7")
    assert log_in(client).status_code == 429
    assert not is_in(client)


def test_the_whole_neighbourhood_shares_a_count_and_others_do_not(app: Flask) -> None:
    for number in range(5):
        guess(app, f"198.51.100.{number}")
    assert guess(app, "198.51.100.99") == 429
    assert guess(app, "192.0.2.1") == 422


def test_six_hundred_neighbourhoods_get_a_hundred_guesses_a_day(app: Flask) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        taken = 0
        for number in range(600):
            taken += guess(app, f"2001:db8:{number:x}::1") == 422
            traveller.shift(timedelta(minutes=2))
        assert taken == 100
        traveller.move_to(start + timedelta(hours=24, minutes=1))
        assert guess(app, "192.0.2.1") == 422


def test_the_owner_gets_in_with_a_known_device_while_the_attack_goes_on(
    app: Flask, browser: FlaskClient
) -> None:
    log_in(browser)
    for number in range(120):
        guess(app, f"2001:db8:{number:x}::1")
    assert guess(app, "192.0.2.1") == 429
    for _ in range(3):
        browser.environ_base["REMOTE_ADDR"] = "2001:db8:1::1"
        assert log_in(browser).status_code == 303


def test_a_known_device_is_slowed_down_by_its_own_mistakes(
    app: Flask, browser: FlaskClient
) -> None:
    log_in(browser)
    answers = [log_in(browser, "ada", WRONG).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_device_of_one_account_is_unknown_to_another(app: Flask, browser: FlaskClient) -> None:

    log_in(browser)
    with app.app_context():
        make_member("bo")
        set_password("bo")
    for number in range(120):
        guess(app, f"2001:db8:{number:x}::1", "bo")
    assert log_in(browser, "bo", PASSWORD).status_code == 429


def test_the_mailed_link_still_works_when_the_password_waits(app: Flask, outbox: Mailbox) -> None:

    for number in range(101):
        guess(app, f"2001:db8:{number:x}::1")
    client = new_browser(app, "192.0.2.1")
    assert log_in(client).status_code == 429
    client.post("/account/log-in/link/", data={"name": "ada"})
    assert client.post(newest_link(outbox)).status_code == 303
    assert is_in(client)


def test_a_right_password_clears_the_count(app: Flask) -> None:
    for _ in range(4):
        guess(app, "198.51.100.7")
    assert log_in(new_browser(app, "198.51.100.7")).status_code == 303
    assert [guess(app, "198.51.100.7") for _ in range(5)] == [422] * 5


@pytest.mark.parametrize("name", ["nobody", "nobody@example.org"])
def test_an_account_that_does_not_exist_is_throttled_alike(app: Flask, name: str) -> None:
    assert [guess(app, "198.51.100.7", name) for _ in range(6)] == [422] * 5 + [429]


def test_username_and_address_are_one_account(app: Flask) -> None:
    names = ["ada", "ada@example.org", "ADA", "ada@EXAMPLE.org", "ada"]
    assert [guess(app, "198.51.100.7", name) for name in names] == [422] * 5
    assert guess(app, "198.51.100.7", "ada@example.org") == 429
