"""A new site gets its owner from whoever reads its console."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Membership, Role, User
from app.accounts.founding import greeting
from app.accounts.links import Purpose, issue_link
from app.core import clock
from app.core.database import db, transaction
from tests.people import make_member, member
from tests.unit.accounts.conftest import PASSWORD, is_in, new_browser

pytestmark = pytest.mark.database

OTTO = {"username": "otto", "email": "otto@example.org", "password": PASSWORD}


def printed_link(app: Flask) -> str:
    with app.app_context():
        line = greeting()
        db.session.remove()
    assert line
    return "/" + line.split("/", 3)[3]


def test_there_is_no_account_at_first(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_the_link_makes_an_owner_who_administers_every_blog(
    app: Flask, browser: FlaskClient, read: Any
) -> None:
    read()
    link = printed_link(app)
    assert "Become the owner" in browser.get(link).text
    answer = browser.post(link, data=OTTO | {"administers": "y"})
    assert (answer.status_code, answer.location) == (303, "/account/first-look/?next=/admin/")
    assert browser.get(answer.location).status_code == 200
    assert is_in(browser)
    with app.app_context():
        assert member("otto").is_owner
        assert member("otto").is_open
        roles = db.session.scalars(sa.select(Membership.role)).all()
        # Two blogs, and the room of feedback.
        assert roles == [Role.ADMINISTRATOR] * 3


def test_without_the_tick_the_owner_is_on_no_blog(
    app: Flask, browser: FlaskClient, read: Any
) -> None:
    read()
    assert browser.post(printed_link(app), data=OTTO).location == "/account/"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 0


def test_the_link_works_once(app: Flask, browser: FlaskClient) -> None:
    link = printed_link(app)
    browser.post(link, data=OTTO)
    other = new_browser(app)
    assert other.get(link).status_code == 410
    assert other.post(link, data=OTTO | {"username": "eve"}).status_code == 410


def test_each_start_makes_a_new_link_and_voids_the_old(app: Flask, browser: FlaskClient) -> None:
    first, second = printed_link(app), printed_link(app)
    assert browser.get(first).status_code == 410
    assert browser.get(second).status_code == 200


def test_the_link_is_over_after_a_day(app: Flask, browser: FlaskClient) -> None:
    link = printed_link(app)
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1), tick=False):
        assert browser.post(link, data=OTTO).status_code == 410


def test_a_site_with_an_owner_prints_nothing(app: Flask) -> None:
    with app.app_context():
        make_member("otto", owner=True)
        assert greeting() is None


def test_a_link_from_before_is_void_once_there_is_an_owner(
    app: Flask, browser: FlaskClient
) -> None:
    link = printed_link(app)
    with app.app_context():
        make_member("olga", owner=True)
    assert browser.post(link, data=OTTO).status_code == 410


def test_a_closed_owner_is_none(app: Flask) -> None:
    with app.app_context():
        make_member("otto", owner=True)
        with transaction():
            member("otto").closed_at = clock.now()
        assert greeting() is not None


@pytest.mark.parametrize(
    "wrong", [{"password": "short"}, {"username": ""}, {"email": "otto"}, {"password": ""}]
)
def test_what_was_typed_comes_back_with_a_reason(
    app: Flask, browser: FlaskClient, wrong: dict[str, str]
) -> None:
    link = printed_link(app)
    answer = browser.post(link, data=OTTO | wrong)
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
    assert browser.post(link, data=OTTO).status_code == 303


def test_a_username_that_is_taken_does_not_use_the_link_up(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context():
        make_member("otto", "other@example.org")
    link = printed_link(app)
    assert browser.post(link, data=OTTO).status_code == 422
    assert browser.post(link, data=OTTO | {"username": "otto2"}).status_code == 303


def test_a_link_of_another_kind_makes_no_owner(app: Flask, browser: FlaskClient) -> None:

    with app.app_context():
        user = make_member("ada")
        with transaction():
            link = issue_link(Purpose.LOG_IN, user.id)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert browser.post(f"/account/first-owner/{token}/", data=OTTO).status_code == 410
    owner_token = printed_link(app).rstrip("/").rsplit("/", 1)[1]
    assert browser.post(f"/account/link/{owner_token}/").status_code == 410
