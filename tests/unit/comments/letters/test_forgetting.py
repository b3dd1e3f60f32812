"""What mail about comments remembers is forgotten in its time."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.comments.letters.models import OwedNotice
from app.comments.letters.notices import comments_shown
from app.comments.letters.telling import forget_old, tell_owed
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import seal
from app.moderation import AddressProof
from tests.cast import GARDEN
from tests.factories import make_comment
from tests.people import blog_id

pytestmark = pytest.mark.database

DAY = 24 * 60


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.fixture
def owed(app: Flask, at: Any) -> Any:
    """A function that makes Bo's comment, and a reply that Bo is to be told of."""

    def owe(**facts: Any) -> None:
        with app.app_context():
            parent = make_comment(wants_replies=True, **facts)
            reply = make_comment(parent=parent, email="cleo@example.org").id
            with transaction() as session:
                comments_shown(session, [reply])

    return owe


@pytest.mark.parametrize(("days", "left"), [(6.9, 1), (7.1, 0)])
def test_what_nobody_could_be_told_is_forgotten_in_a_week(
    app: Flask, owed: Any, at: Any, days: float, left: int
) -> None:
    owed()
    at(days * DAY)
    with app.app_context():
        forget_old()
    assert count(app, OwedNotice) == left


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_what_was_told_is_remembered_for_a_month(
    app: Flask, owed: Any, at: Any, days: float, left: int
) -> None:
    owed(proved_at=clock.now())
    at(20)
    with app.app_context():
        assert tell_owed() == 1
        at(days * DAY)
        forget_old()
    assert count(app, OwedNotice) == left


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_a_question_is_remembered_as_long_as_addresses_are_kept(
    app: Flask, at: Any, days: float, left: int
) -> None:
    with app.app_context(), transaction() as session:
        session.add(AddressProof(blog_id=blog_id(GARDEN), email=seal("bo@example.org")))
    at(days * DAY)
    with app.app_context():
        forget_old()
    assert count(app, AddressProof) == left


def test_what_is_owed_about_a_comment_goes_with_it(app: Flask, owed: Any) -> None:
    owed()
    with app.app_context(), transaction() as session:
        session.execute(sa.delete(Comment).where(Comment.parent_id.is_not(None)))
    assert count(app, OwedNotice) == 0
