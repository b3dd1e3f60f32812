"""Whether an account exists is told to nobody: same answer, same work, same time."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import passwords
from tests.mailbox import Mailbox, text_of
from tests.people import make_member
from tests.unit.accounts.conftest import log_in, new_browser

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]

KNOWN, UNKNOWN = "ada@example.org", "eve@example.org"
NEVER_SAME = {"Date", "Content-Length"}

Ask = Callable[[Any, str], TestResponse]


def _sign_up(client: Any, email: str) -> TestResponse:
    name = f"new{time.monotonic_ns()}"
    return client.post("/account/sign-up/", data={"username": name, "email": email})


ASKS: dict[str, Ask] = {
    "log in": lambda client, email: log_in(client, email, "a wrong password"),
    "log-in link": lambda client, email: client.post("/account/log-in/link/", data={"name": email}),
    "reset": lambda client, email: client.post("/account/reset/", data={"name": email}),
    "sign up": _sign_up,
}


def shape(answer: TestResponse, email: str) -> tuple[Any, ...]:
    headers = sorted((k, v) for k, v in answer.headers if k not in NEVER_SAME and k != "ETag")
    return answer.status_code, headers, answer.text.replace(email, "somebody@example.org")


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_known_and_unknown_get_the_same_answer(app: Flask, ask: Ask) -> None:
    known, unknown = (ask(new_browser(app), email) for email in (KNOWN, UNKNOWN))
    assert shape(known, KNOWN) == shape(unknown, UNKNOWN)


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_known_and_unknown_cost_the_same_statements(
    app: Flask, ask: Ask, statements: list[str]
) -> None:
    ask(new_browser(app), "warm@example.org")
    sent = []
    for email in (KNOWN, UNKNOWN):
        statements.clear()
        ask(new_browser(app), email)
        sent.append([statement.split("(")[0].split("WHERE")[0] for statement in statements])
    known, unknown = sent
    assert len(known) == len(unknown), (known, unknown)


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_both_addresses_get_one_mail_or_none(app: Flask, ask: Ask, outbox: Mailbox) -> None:
    for email in (KNOWN, UNKNOWN):
        ask(new_browser(app), email)
    assert len(outbox.to(KNOWN)) == len(outbox.to(UNKNOWN))


def test_the_owner_of_an_address_without_account_learns_so(app: Flask, outbox: Mailbox) -> None:
    ASKS["reset"](new_browser(app), UNKNOWN)
    (letter,) = outbox.to(UNKNOWN)
    assert "no account" in text_of(letter)
    assert "/account/link/" not in text_of(letter)


def test_a_wrong_password_is_hashed_whoever_it_is_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    fits = passwords._fits

    def spy(kept: str, keyed: bytes) -> bool:
        seen.append(kept)
        return fits(kept, keyed)

    monkeypatch.setattr(passwords, "_fits", spy)
    with app.app_context():
        make_member("bo")
    for name in ("ada", "bo", "nobody"):
        log_in(new_browser(app), name, "a wrong password")
    assert len(seen) == 3
    assert {kept.rsplit("$", 2)[0] for kept in seen} == {"$argon2id$v=19$m=8,t=1,p=1"}


@pytest.mark.parametrize("name", ["log-in link", "reset", "sign up"])
def test_both_take_the_same_time(app: Flask, name: str) -> None:
    ask, times = ASKS[name], {KNOWN: [], UNKNOWN: []}
    with app.app_context():
        for number in range(30):
            make_member(f"m{number}", f"known{number}@example.org")
    for number in range(30):
        for kind, email in (
            (KNOWN, f"known{number}@example.org"),
            (UNKNOWN, f"unknown{number}@example.org"),
        ):
            client = new_browser(app, f"198.51.100.{number}")
            begun = time.perf_counter()
            ask(client, email)
            times[kind].append(time.perf_counter() - begun)
    known, unknown = (statistics.median(taken) for taken in times.values())
    noise = statistics.stdev(times[KNOWN]) + 0.002
    assert abs(known - unknown) < noise
