"""Passwords: which are taken, how they are kept, and how they are changed."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, Type, extract_parameters
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import entering, passwords
from app.accounts.models import User
from app.core.database import db, transaction
from app.core.errors import TooMany
from tests.mailbox import Mailbox, text_of
from tests.people import confirm_second_factor, member, sign_in, token_in
from tests.unit.accounts.conftest import (
    HASHER,
    PASSWORD,
    is_in,
    log_in,
    new_browser,
    newest_link,
    set_password,
)

pytestmark = pytest.mark.database

NEW = "seven tulips in a row"


@pytest.mark.parametrize(
    "password",
    [
        *("short", "elevenchars", "x" * 257),
        *("passwordpassword", "aaaaaaaaaaaaaa", "123123123123", "abababababab", "1234567890123"),
        *("Clientflow123", "green street 1", "GreenStreet!!", "ada-lovelace1", "qwertyuiop123"),
    ],
)
def test_what_is_guessed_first_is_not_taken(password: str) -> None:
    words = ["Green Street", "clientflow", "ada-lovelace"]
    assert passwords.problem_with(password, words=words)


@pytest.mark.parametrize(
    "password",
    [
        *(
            PASSWORD,
            "x9#kk2vQmm!a",
            "    a b c d e f",
            "ключ от квартиры",
            "🔑🌷🏠🚲🎻📮🧵🪴🫖🥐🧭🪁",
        ),
        *("y" * 5 + "mixed" * 50, "nouppernodigits", "onlylowercaseletters"),
    ],
)
def test_length_is_what_counts_and_nothing_is_prescribed(password: str) -> None:
    assert passwords.problem_with(password, words=["Green Street", "ada"]) is None


def test_hashes_are_argon2id_with_nineteen_megabytes() -> None:
    told = extract_parameters(HASHER.hash(PASSWORD))
    assert (told.memory_cost, told.time_cost, told.parallelism) == (19 * 1024, 2, 1)
    assert told.type is Type.ID


def test_a_hash_is_worth_nothing_without_the_key_file(app: Flask) -> None:
    with app.app_context():
        kept = passwords.hash_password(PASSWORD)
        assert passwords.is_password(kept, PASSWORD)
    with pytest.raises(Exception, match="does not match"):
        PasswordHasher().verify(kept, PASSWORD)


def test_after_a_change_of_keys_the_password_still_opens_and_is_kept_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = b"o" * 32, b"n" * 32
    with app.app_context():
        monkeypatch.setattr(passwords, "signing_keys", lambda _use: [old])
        kept = passwords.hash_password(PASSWORD)
        monkeypatch.setattr(passwords, "signing_keys", lambda _use: [new, old])
        assert passwords.is_password(kept, PASSWORD)
        assert not passwords.is_password(kept, NEW)
        assert passwords.is_outdated(kept, PASSWORD)
        renewed = passwords.hash_password(PASSWORD)
        assert not passwords.is_outdated(renewed, PASSWORD)


def test_one_is_computed_at_a_time_and_few_may_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, go_on = 0, 0, threading.Event()

    def slow(_kept: str, _keyed: bytes) -> bool:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        go_on.wait(2)
        at_work -= 1
        return False

    monkeypatch.setattr(passwords, "_fits", slow)
    refused: list[int | None] = []

    def guess() -> None:
        with app.app_context():
            try:
                passwords.is_password(None, PASSWORD)
            except TooMany as refusal:
                refused.append(refusal.retry_after)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    while len(refused) < 20 - passwords.MOST_WAITING - 1:
        pass
    go_on.set()
    for thread in threads:
        thread.join()
    assert most == 1
    assert refused == [passwords.RETRY_SECONDS] * (20 - passwords.MOST_WAITING - 1)


def change(client: FlaskClient, current: str | None, new: str) -> Any:
    fields = {"csrf_token": token_in(client.get("/account/security/")), "password": new}
    if current is not None:
        fields["current"] = current
    return client.post("/account/security/", data=fields)


@pytest.mark.usefixtures("ada")
def test_changing_takes_the_current_password_and_ends_other_sessions(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    other = new_browser(app)
    for client in (other, browser):
        log_in(client)
    assert change(browser, "not the one at all", NEW).status_code == 422
    assert is_in(other)
    answer = change(browser, PASSWORD, NEW)
    assert answer.location == "/account/security/#changed"
    assert (is_in(browser), is_in(other)) == (True, False)
    assert log_in(new_browser(app)).status_code == 422
    assert log_in(new_browser(app), password=NEW).status_code == 303
    assert any("set anew" in text_of(letter) for letter in outbox.to("ada@example.org"))


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("new", ["short", "adaadaadaada", PASSWORD.replace("r", "r") + "x" * 256])
def test_a_new_password_must_be_a_good_one(browser: FlaskClient, new: str) -> None:
    log_in(browser)
    answer = change(browser, PASSWORD, new)
    assert answer.status_code == 422
    assert new not in answer.text


@pytest.mark.usefixtures("ada")
def test_an_account_without_a_password_gets_its_first(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:

    with app.app_context(), transaction():
        member("ada").password_hash = None
    client = sign_in(app, "ada")
    assert 'name="current"' not in client.get("/account/security/").text
    assert change(client, None, NEW).status_code == 303
    assert log_in(new_browser(app), password=NEW).status_code == 303


@pytest.mark.usefixtures("ada")
def test_a_forgotten_password_is_replaced_by_mail_and_signs_nobody_in(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    log_in(browser)
    stranger = new_browser(app)
    stranger.post("/account/reset/", data={"name": "ada"})
    link = newest_link(outbox)
    assert "A new password for ada" in stranger.get(link).text
    assert stranger.post(link, data={"password": "short"}).status_code == 422
    answer = stranger.post(link, data={"password": NEW})
    assert answer.location == "/account/log-in/#changed"
    assert not is_in(stranger)
    assert not is_in(browser)
    assert log_in(stranger, password=NEW).status_code == 303
    assert stranger.post(link, data={"password": PASSWORD}).status_code == 410


@pytest.mark.usefixtures("ada")
def test_a_reset_asks_for_the_second_factor_all_the_same(app: Flask, outbox: Mailbox) -> None:

    with app.app_context():
        confirm_second_factor("ada")
    stranger = new_browser(app)
    stranger.post("/account/reset/", data={"name": "ada"})
    stranger.post(newest_link(outbox), data={"password": NEW})
    log_in(stranger, password=NEW)
    assert not is_in(stranger)


def test_password_managers_find_the_page(app: Flask) -> None:
    answer = app.test_client().get("/.well-known/change-password")
    assert (answer.status_code, answer.location) == (302, "/account/security/")


@pytest.mark.usefixtures("ada")
def test_no_password_is_kept_readable(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    with app.app_context():
        kept = db.session.scalars(sa.select(User.password_hash)).one()
    assert kept
    assert PASSWORD not in kept


@pytest.mark.usefixtures("ada")
def test_a_password_replaced_while_it_is_checked_lets_nobody_in(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:

    check = entering.is_password

    def slow(kept: str | None, password: str) -> bool:
        is_right = check(kept, password)
        set_password("ada", NEW)
        return is_right

    monkeypatch.setattr(entering, "is_password", slow)
    assert log_in(browser).status_code == 422
    assert not is_in(browser)
