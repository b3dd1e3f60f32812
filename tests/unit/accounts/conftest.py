"""Doors and mail of the accounts, as a person at a browser meets them."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import passwords
from app.accounts.passwords import hash_password
from app.core.database import db, transaction
from tests.mailbox import Mailbox, links_in
from tests.people import SAME_ORIGIN, make_member, member

#: What the product hashes with; the tests below use a quick one.
HASHER = passwords._hasher
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least memory: these tests hash hundreds of passwords."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    passwords._nobodys.cache_clear()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return new_browser(app)


def new_browser(app: Flask, address: str = "203.0.113.9") -> FlaskClient:
    """Another browser, at another address."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = SAME_ORIGIN
    client.environ_base["REMOTE_ADDR"] = address
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    return client


@pytest.fixture
def ada(app: Flask) -> None:
    """Ada has an account with a password."""
    with app.app_context():
        make_member("ada", "ada@example.org")
        set_password("ada")
        db.session.remove()


def set_password(username: str, password: str = PASSWORD) -> None:
    with transaction():
        member(username).password_hash = hash_password(password)


def log_in(client: FlaskClient, name: str = "ada", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/account/log-in/", data={"name": name, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def newest_link(outbox: Mailbox) -> str:
    """The path of the last mail's link."""
    address = links_in(outbox[-1])[0]
    return "/" + address.split("/", 3)[3]


def cookies(answer: TestResponse) -> dict[str, str]:
    """Each cookie an answer sets, with its attributes."""
    return {line.split("=", 1)[0]: line for line in answer.headers.getlist("Set-Cookie")}
