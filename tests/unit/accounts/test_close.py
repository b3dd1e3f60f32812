"""The end of an account."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Membership, Role, User, account_closed
from app.accounts.closing import close_account
from app.accounts.entries import Link, Session
from app.accounts.factors import KnownDevice, Totp
from app.accounts.models import Acceptance
from app.accounts.roles import LastOwner
from app.core.database import db
from tests.mailbox import Mailbox, text_of
from tests.people import make_member, make_trusted, member, sign_in, token_in
from tests.unit.accounts.conftest import is_in, log_in, new_browser

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


def close(client: FlaskClient, **fields: str) -> Any:
    token = token_in(client.get("/account/close/"))
    return client.post("/account/close/", data={"csrf_token": token} | fields)


def test_closing_takes_the_username_and_ends_everything(
    browser: FlaskClient, app: Flask, outbox: Mailbox
) -> None:
    other = new_browser(app)
    for client in (other, browser):
        log_in(client)
    assert close(browser, username="someone").status_code == 422
    assert is_in(browser)
    answer = close(browser, username="ada")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"]
    assert not is_in(browser)
    assert not is_in(other)
    assert log_in(new_browser(app)).status_code == 422
    assert "is closed" in text_of(outbox.to("ada@example.org")[-1])
    with app.app_context():
        user = db.session.scalars(sa.select(User)).one()
        assert user.email is None
        assert user.email_lookup is None
        assert user.password_hash is None
        assert user.username == f"closed-{user.id}"
        for table in (Session, KnownDevice, Link):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_name_and_address_are_free_again(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    close(browser, username="ada")
    with app.app_context():
        make_member("ada", "ada@example.org")


def test_roles_go_and_the_promise_stays_with_its_name(app: Flask, read: Any) -> None:
    read()
    with app.app_context():
        user_id = make_member("mira", role=Role.ADMINISTRATOR, blog="garden").id
        make_trusted("mira")
        close_account(user_id, forgets_name=False)
        assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 0
        assert db.session.scalar(sa.select(sa.func.count(Totp.id))) == 0
        assert db.session.scalar(sa.select(sa.func.count(Acceptance.id))) == 1
        assert member("mira").closed_at is not None


@pytest.mark.parametrize(("ticked", "told"), [({}, False), ({"forgets_name": "y"}, True)])
def test_others_hear_of_it_and_of_the_wish_about_the_name(
    browser: FlaskClient, ticked: dict[str, str], told: bool
) -> None:
    heard: list[dict[str, Any]] = []

    def listen(_sender: object, **facts: Any) -> None:
        heard.append(facts)

    log_in(browser)
    with account_closed.connected_to(listen):
        close(browser, username="ada", **ticked)
    assert [facts["forgets_name"] for facts in heard] == [told]


def test_the_last_owner_cannot_close_and_a_second_one_can(app: Flask) -> None:
    with app.app_context():
        otto = make_member("otto", owner=True).id
        with pytest.raises(LastOwner):
            close_account(otto, forgets_name=False)
        make_member("olga", owner=True)
        close_account(otto, forgets_name=False)
    client = sign_in(app, "olga")
    answer = close(client, username="olga")
    assert answer.status_code == 409
    assert "only owner" in answer.text
    assert is_in(client)
