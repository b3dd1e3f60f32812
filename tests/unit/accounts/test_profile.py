"""What an account shows its person, and the name they may change."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from tests.people import make_member, token_in
from tests.unit.accounts.conftest import log_in, new_browser

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


def rename(client: FlaskClient, username: str) -> Any:
    token = token_in(client.get("/account/"))
    return client.post("/account/", data={"csrf_token": token, "username": username})


def test_roles_are_shown_with_their_blogs(app: Flask, browser: FlaskClient, read: Any) -> None:
    read()
    with app.app_context():
        make_member("ada", role=Role.ADMINISTRATOR, blog="garden")
    log_in(browser)
    assert "Administrator of Garden" in browser.get("/account/").text


def test_a_new_username_signs_in_and_the_old_one_no_more(app: Flask, browser: FlaskClient) -> None:
    log_in(browser)
    assert rename(browser, "Lovelace").location == "/account/#saved"
    assert log_in(new_browser(app), "lovelace").status_code == 303
    assert log_in(new_browser(app), "ada").status_code == 422


def test_the_same_name_in_other_letters_is_ones_own(browser: FlaskClient) -> None:
    log_in(browser)
    assert rename(browser, "Ada").status_code == 303
    assert "Ada" in browser.get("/account/").text


def test_a_taken_name_stays_with_its_owner(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        make_member("bo")
    log_in(browser)
    answer = rename(browser, "BO")
    assert answer.status_code == 422
    assert "Somebody has this username" in answer.text


def test_the_privacy_page_says_what_is_held_why_and_how_long(browser: FlaskClient) -> None:
    log_in(browser)
    page = browser.get("/account/privacy/").text
    assert "ada@example.org" in page
    assert "until the account is closed" in page
    assert "203.0.113.9" in page
    assert "for 30 days" in page


@pytest.mark.parametrize("page", ["", "email/", "security/", "privacy/", "close/", "confirm/"])
def test_every_page_of_the_account_is_kept_nowhere(browser: FlaskClient, page: str) -> None:
    log_in(browser)
    answer = browser.get(f"/account/{page}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
