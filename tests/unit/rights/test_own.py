"""Signed in, one reaches all of it at once, without a mail."""

import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import User
from app.comments import Comment
from app.core.database import db
from tests.mailbox import Mailbox, text_of
from tests.people import make_member, token_in
from tests.unit.comments.conftest import Clock
from tests.unit.rights.conftest import ADA, BO, words

PAGE = "/account/privacy/"


@pytest.fixture
def bo(app: Flask, said: None, signed_in: Any) -> FlaskClient:
    """Bo's browser, who has an account with the address that he commented with."""
    with app.app_context():
        make_member("bo")
        db.session.remove()
    return signed_in("bo")


def send(browser: FlaskClient, address: str, page: str = PAGE, **fields: str) -> Any:
    return browser.post(address, data={"csrf_token": token_in(browser.get(page)), **fields})


def test_the_privacy_page_shows_all_of_it_and_nobody_elses(bo: FlaskClient) -> None:
    page = bo.get(PAGE)
    told = words(page)
    for value in (BO, "Bo’s tulips.", "Bo’s praise.", "203.0.113.9", "Firefox on Linux"):
        assert value in told
    assert "until the account is closed" in told
    assert "for 30 days" in told
    assert "Nobody has looked" in told
    assert ADA not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_export_is_one_press_away(bo: FlaskClient) -> None:
    answer = send(bo, f"{PAGE}export/")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        facts = json.loads(archive.read("data.json"))
    assert {row["id"].partition("/")[0] for row in facts["held"]} >= {"users", "comments"}
    assert bo.post(f"{PAGE}export/").status_code == 403


def test_mail_is_stopped_with_one_press(app: Flask, bo: FlaskClient) -> None:
    assert send(bo, f"{PAGE}stop/").headers["Location"].endswith("#stopped")


def test_erasing_takes_two_steps_and_ends_the_account(
    app: Flask, bo: FlaskClient, outbox: Mailbox
) -> None:
    erase = f"{PAGE}erase/"
    assert send(bo, erase, erase).status_code == 422
    sure = send(bo, erase, erase, scope="everything")
    assert "There is no undo" in sure.text
    done = send(bo, erase, erase, scope="everything", sure="everything")
    assert "It is erased" in done.text
    assert "Expires" in " ".join(done.headers.getlist("Set-Cookie"))
    assert bo.get(PAGE).status_code == 303
    with app.app_context():
        assert db.session.scalars(sa.select(User.email)).all() == [None]
        texts = db.session.scalars(sa.select(Comment.text).order_by(Comment.id)).all()
        assert [text for text in texts if text] == ["Ada’s secret tulips."]
    assert "last mail" in text_of(outbox.to(BO)[-1])


def test_erasing_asks_for_a_recent_sign_in(bo: FlaskClient, stopped: Clock) -> None:
    stopped.advance(hours=13)
    answer = bo.get(f"{PAGE}erase/")
    assert answer.status_code == 303


def test_the_only_owner_cannot_leave_the_site_to_nobody(
    app: Flask, said: None, signed_in: Any
) -> None:
    with app.app_context():
        make_member("otto", owner=True)
        db.session.remove()
    otto = signed_in("otto")
    erase = f"{PAGE}erase/"
    answer = send(otto, erase, erase, scope="everything", sure="everything")
    assert answer.status_code == 409
    assert "only owner" in answer.text
    assert otto.get(PAGE).status_code == 200
