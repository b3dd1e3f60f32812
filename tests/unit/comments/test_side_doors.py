"""Nobody who is kept out gets in by a side door: post, preview, edit, reply, report."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Blog
from app.comments import Comment, State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import db, transaction
from app.moderation import BanDraft, Report, Scope, ban
from app.moderation.models import Rules
from tests.cast import GARDEN
from tests.people import blog_id, make_member
from tests.unit.comments.conftest import OURS, own_page

pytestmark = pytest.mark.database

Say = Callable[..., Any]
IP = "127.0.0.1"
REASON = "Insults of other readers"


@pytest.fixture
def keep_out(app: Flask) -> Callable[..., None]:
    """A function that bans somebody from the garden."""

    def keep(scope: Scope, value: str) -> None:
        with app.app_context():
            garden = db.session.scalars(sa.select(Blog.id).where(Blog.slug == "garden")).one()
            mira = make_member("mira", role="administrator", blog="garden")
            ban(BanDraft(garden, scope, REASON), value, actor_id=mira.id)

    return keep


def count(app: Flask, model: Any) -> int:
    """How many rows there are."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


WHOM = [(Scope.EMAIL, "BO@example.org"), (Scope.ADDRESS, IP), (Scope.NEIGHBOURHOOD, "127.0.0.9")]


@pytest.mark.parametrize(("scope", "value"), WHOM)
def test_who_is_kept_out_is_told_so_and_keeps_the_words(
    app: Flask, say: Say, keep_out: Any, scope: Scope, value: str
) -> None:
    keep_out(scope, value)
    answer = say(text="Words that I would rather not lose.")
    assert answer.status_code == 403
    assert REASON in answer.text
    assert "Words that I would rather not lose." in answer.text
    assert '<a class="button" href="/garden/tulips/">Back to where you were</a>' in answer.text
    assert count(app, Comment) == 0


@pytest.mark.parametrize(("scope", "value"), WHOM)
def test_who_was_kept_out_since_cannot_change_what_they_wrote(
    app: Flask, client: FlaskClient, say: Say, keep_out: Any, scope: Scope, value: str
) -> None:
    page = own_page(say())
    keep_out(scope, value)
    answer = client.post(f"{page}edit/", data={"text": "Changed afterwards."}, headers=OURS)
    assert answer.status_code == 403
    assert REASON in answer.text
    with app.app_context():
        assert "Changed afterwards." not in db.session.scalars(sa.select(Comment.text)).one()


def test_who_is_kept_out_can_still_take_back_what_they_wrote(
    client: FlaskClient, say: Say, keep_out: Any
) -> None:
    page = own_page(say())
    keep_out(Scope.EMAIL, "bo@example.org")
    assert client.get(page).status_code == 200
    assert client.post(f"{page}delete/", headers=OURS).status_code == 303


@pytest.mark.parametrize(("scope", "value"), WHOM[1:])
def test_who_is_kept_out_cannot_report_either(
    app: Flask, client: FlaskClient, say: Say, keep_out: Any, scope: Scope, value: str
) -> None:
    say()
    with app.app_context(), transaction() as session:
        change_states(session, {1: State.SHOWN}, at=clock.now())
    keep_out(scope, value)
    answer = client.post("/comments/1/report/", data={"complaint": "spam"}, headers=OURS)
    assert answer.status_code == 403
    assert 'href="/comments/1/report/">Back' in answer.text
    assert count(app, Report) == 0


def test_a_ban_of_one_blog_is_none_of_another(say: Say, keep_out: Any) -> None:
    keep_out(Scope.EMAIL, "bo@example.org")
    assert say("/workshop/planes/").status_code in (200, 303)


def test_a_changed_text_is_judged_anew_and_what_is_marked_stands_in_it(
    app: Flask, client: FlaskClient, say: Say
) -> None:
    with app.app_context(), transaction() as session:
        session.add(Rules(blog_id=blog_id(GARDEN), words="casino"))
    page = own_page(say(text="A casino in the garden, of all places."))
    with app.app_context():
        before = db.session.scalars(sa.select(Comment.reasons)).one()
    assert [reason["rule"] for reason in before] == ["first", "words"]
    client.post(f"{page}edit/", data={"text": "In the garden, a casino!"}, headers=OURS)
    with app.app_context():
        comment = db.session.scalars(sa.select(Comment)).one()
    marks = [comment.text[each["start"] : each["end"]] for each in comment.reasons[1:]]
    assert [each["rule"] for each in comment.reasons] == ["first", "words"]
    assert marks == ["casino"]
