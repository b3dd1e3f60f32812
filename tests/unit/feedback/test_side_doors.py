"""Attempts to publish without consent: by the forms, the admin area, the command line and SQL."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.database import db
from app.feedback.models import Feedback, State
from app.feedback.records import Card, Credit, Grant
from app.feedback.seals import hash_of
from tests.cast import FAY, FEEDBACK
from tests.factories import make_wording, publish_feedback
from tests.people import make_member, make_trusted, sign_in, token_in
from tests.unit.feedback.conftest import OURS, WORDS, Own

pytestmark = pytest.mark.database

#: Everything that a form might be made to believe.
EVERYTHING = {
    "live": "1",
    "publish": "1",
    "public": "1",
    "on_wall": "y",
    "on_home": "y",
    "credit": "full",
    "state": "open",
    "approve": "1",
    "text_hash": hash_of(WORDS).hex(),
    "feedback_id": "1",
}


@pytest.fixture
def is_nowhere(client: FlaskClient) -> Callable[[], bool]:
    """A function that says whether the words are on no public page."""

    def is_nowhere() -> bool:
        addresses = ("/feedback/", "/feedback/1/", "/feedback/feed.xml", "/", "/search/?q=snow")
        return all(WORDS not in client.get(address).text for address in addresses)

    return is_nowhere


@pytest.fixture
def fay(app: Flask) -> FlaskClient:
    """The browser of Fay, who administers the room."""
    with app.app_context():
        make_member(FAY, role="administrator", blog=FEEDBACK)
        make_trusted(FAY)
        db.session.remove()
    return sign_in(app, FAY)


def test_the_first_form_agrees_to_nothing(
    app: Flask, send: Any, is_nowhere: Callable[[], bool]
) -> None:
    send(**{name: value for name, value in EVERYTHING.items() if name != "text"})
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Grant)) == 0
    assert is_nowhere()


@pytest.mark.parametrize("missing", ["on_wall", "credit", "seen", "text"])
def test_the_second_form_agrees_to_nothing_unless_everything_is_said(
    app: Flask, client: FlaskClient, stored: Any, own: Own, missing: str
) -> None:
    stored(text=WORDS)
    page = own(1) + "publish/"
    fields = {"text": WORDS, "name": "Bo Berg"} | EVERYTHING
    shown = client.post(page, data=fields | {"preview": "1"}, headers=OURS)
    seen = re.search(r'name="seen" value="([^"]+)"', shown.text)
    assert seen
    given = fields | {"seen": seen[1]}
    del given[missing]
    client.post(page, data=given, headers=OURS)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Grant)) == 0


def test_no_form_of_the_private_page_approves(
    app: Flask, client: FlaskClient, stored: Any, own: Own, is_nowhere: Callable[[], bool]
) -> None:
    stored(text=WORDS)
    for name in ("publish", "renew", "decline", "answer", "withdraw"):
        client.post(own(1) + f"{name}/", data=EVERYTHING | {"text": WORDS}, headers=OURS)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0
    assert is_nowhere()


def test_an_administrator_cannot_publish_what_nobody_agreed_to(
    app: Flask, stored: Any, fay: FlaskClient, is_nowhere: Callable[[], bool]
) -> None:
    stored(text=WORDS)
    with app.app_context():
        make_wording(db.session.get_one(Feedback, 1))
        db.session.remove()
    page = fay.get("/admin/feedback/1/")
    assert page.status_code == 200
    token = {"csrf_token": token_in(page), "hash": hash_of(WORDS).hex(), "grant": "1"}
    for name in ("approve", "shorten", "words"):
        answer = fay.post(f"/admin/feedback/1/{name}/", data=EVERYTHING | token, headers=OURS)
        assert answer.status_code in (404, 405, 409, 422), name
    assert is_nowhere()


def test_no_command_publishes(app: Flask, stored: Any, is_nowhere: Callable[[], bool]) -> None:
    stored(text=WORDS)
    runner = app.test_cli_runner()
    commands = runner.invoke(args=["feedback", "--help"]).output.partition("Commands:")[2]
    names = [line.split()[0] for line in commands.strip().splitlines()]
    assert "verify" in names
    for name in names:
        runner.invoke(args=["feedback", name])
        runner.invoke(args=["feedback", name, "1"])
    assert is_nowhere()


@pytest.mark.parametrize("state", list(State))
def test_no_state_of_a_feedback_makes_it_public(
    app: Flask, stored: Any, is_nowhere: Callable[[], bool], state: State
) -> None:
    stored(text=WORDS)
    with app.app_context(), db.engine.begin() as sql:
        values = {"state": state, "decided_at": clock.now(), "decided_by": 1}
        sql.execute(sa.update(Feedback).values(**values))
    assert is_nowhere()


def test_a_card_by_sql_is_refused_by_the_database(
    app: Flask, stored: Any, is_nowhere: Callable[[], bool]
) -> None:
    stored(text=WORDS)
    with app.app_context():
        wording = make_wording(db.session.get_one(Feedback, 1))
        values = {"feedback_id": 1, "text_hash": wording.text_hash, "published_at": clock.now()}
        insert = sa.insert(Card.__table__)
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as sql:
            sql.execute(insert.values(live=True, **values))
        # A card that is not live needs nothing to stand on, and shows nothing.
        with db.engine.begin() as sql:
            sql.execute(insert.values(live=None, **values))
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as sql:
            sql.execute(sa.update(Card.__table__).values(live=True))
        db.session.remove()
    assert is_nowhere()


def test_a_wider_credit_by_sql_is_refused_or_found(
    app: Flask, stored: Any, own: Own, client: FlaskClient
) -> None:
    number = stored(text=WORDS).id
    with app.app_context():
        publish_feedback(db.session.get_one(Feedback, number), credit=Credit.ANONYMOUS)
        with db.engine.begin() as sql:
            changed = {"credit": Credit.FULL, "credit_line": "Bo Berg"}
            sql.execute(sa.update(Grant.__table__).values(**changed))
        db.session.remove()
    assert app.test_cli_runner().invoke(args=["feedback", "verify"]).exit_code == 1
