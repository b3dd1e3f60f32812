"""Accounts from the command line."""

from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role, viewer_for
from tests.mailbox import Mailbox
from tests.people import make_member, member
from tests.unit.accounts.conftest import PASSWORD, is_in, log_in

pytestmark = pytest.mark.database

CREATE = ("accounts", "create", "--username", "otto", "--email", "otto@example.org")


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=arguments, input=typed)


def test_an_owner_is_made_with_a_password_from_standard_input(
    app: Flask, browser: FlaskClient
) -> None:
    result = run(app, *CREATE, "--role", "owner", "--password-stdin", typed=PASSWORD + "\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    log_in(browser, "otto")
    assert is_in(browser)
    with app.app_context():
        assert member("otto").is_owner


def test_a_role_on_a_blog(app: Flask, read: Any) -> None:
    read()
    result = run(app, *CREATE, "--role", "administrator", "--blog", "garden")
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert viewer_for(member("otto")).has_right("administer")
        assert member("otto").password_hash is None


@pytest.mark.parametrize(
    ("more", "typed", "said"),
    [
        (("--role", "administrator"), "", "--blog"),
        (("--role", "owner", "--blog", "garden"), "", "--blog goes with"),
        (("--role", "moderator", "--blog", "nowhere"), "", "no blog at /nowhere/"),
        (("--password-stdin",), "short\n", "at least 12"),
        (("--password-stdin",), "", "at least 12"),
        (("--email", "no address"), "", "not an email"),
        (("--username", "a b"), "", "letters, digits"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_1(
    app: Flask, read: Any, more: tuple[str, ...], typed: str, said: str
) -> None:
    read()
    result = run(app, *CREATE, *more, typed=typed)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("same", [{"username": "OTTO"}, {"email": "Otto@example.org"}])
def test_a_name_or_address_is_given_once(app: Flask, same: dict[str, str]) -> None:
    run(app, *CREATE)
    given = {"username": "olga", "email": "olga@example.org"} | same
    result = run(
        app, "accounts", "create", "--username", given["username"], "--email", given["email"]
    )
    assert result.exit_code == 1
    assert "has an account" in result.output


def test_the_list_shows_masked_addresses_only(app: Flask, read: Any) -> None:
    read()
    with app.app_context():
        make_member("mira", role=Role.MODERATOR, blog="garden")
        make_member("otto", owner=True)
    output = run(app, "accounts", "list").output
    assert "mira\t" in output
    assert "moderator of Garden" in output
    assert "owner" in output
    assert "@example.org" not in output


def test_an_invitation_is_mailed(app: Flask, read: Any, outbox: Mailbox) -> None:
    read()
    with app.app_context():
        make_member("otto", owner=True)
    invite = ("accounts", "invite", "--email", "new@example.org", "--blog", "garden")
    result = run(app, *invite, "--role", "administrator", "--as", "otto")
    assert result.exit_code == 0, result.output
    assert len(outbox.to("new@example.org")) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [(("--as", "nobody"), "no account"), (("--as", "ada"), "may not give")],
)
def test_only_those_may_invite_who_may_give_the_role(
    app: Flask, read: Any, more: tuple[str, ...], said: str
) -> None:
    read()
    with app.app_context():
        make_member("ada")
    invite = ("accounts", "invite", "--email", "new@example.org", "--blog", "garden")
    result = run(app, *invite, "--role", "administrator", *more)
    assert result.exit_code == 1
    assert said in result.output
