"""Trust: a proved address, a comment without links, seen to be held, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.comments import Comment
from app.core import clock
from app.core.database import db
from app.core.errors import Missing, Unacceptable
from app.moderation import (
    Action,
    Earned,
    Submission,
    Trust,
    authored_by,
    is_trusted,
    revoke_trust,
    saw,
    screen,
    trust,
)
from tests.cast import MIRA
from tests.factories import make_comment
from tests.people import member

pytestmark = pytest.mark.database

EMAIL = "bo@example.org"


def earned(blog_id: int, comment: Comment | None = None, **facts: Any) -> Earned:
    """What Bo's comment is worth."""
    comment = comment or make_comment(email=EMAIL)
    given = {"name": "Bo", "text": comment.text, "is_proved": True} | facts
    return Earned(comment, blog_id, **given)


def test_trust_lets_the_next_comment_appear_at_once_on_this_blog_only(
    garden: int, workshop: int
) -> None:
    trust(earned(garden), actor_id=member(MIRA).id)
    assert is_trusted(garden, "BO@example.org")
    assert not is_trusted(garden, "ada@example.org")
    said = {"kind": "comment", "text": "Good morning to all of you.", "email": EMAIL}
    proved = Submission(**said, blog_id=garden, is_proved=True)
    assert screen(proved).action is Action.SHOW
    assert screen(Submission(**said, blog_id=garden)).action is Action.HOLD
    assert screen(Submission(**said, blog_id=workshop, is_proved=True)).action is Action.HOLD


@pytest.mark.parametrize(
    "facts",
    [{"is_proved": False}, {"text": "see https://example.org"}, {"text": "www.example.org"}],
)
def test_neither_an_unproved_address_nor_a_comment_with_a_link_earns_trust(
    garden: int, facts: dict[str, Any]
) -> None:
    case = earned(garden, **facts)
    assert not case.is_enough
    with pytest.raises(Unacceptable):
        trust(case, actor_id=None)


def test_a_comment_without_an_address_earns_nothing(garden: int) -> None:
    assert not earned(garden, make_comment(email=None)).is_enough


def test_trusting_again_only_notes_that_they_were_seen(garden: int) -> None:
    first = trust(earned(garden), actor_id=None)
    seen = first.seen_at
    again = trust(earned(garden, make_comment(email="Bo@example.org")), actor_id=member(MIRA).id)
    assert again.id == first.id
    assert again.seen_at > seen
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Trust)) == 1


def test_trust_lasts_from_when_they_were_last_seen(garden: int) -> None:
    made = trust(earned(garden), actor_id=None)
    later = clock.now() + timedelta(days=30)
    saw(garden, EMAIL, at=later)
    db.session.refresh(made)
    assert made.seen_at == later


def test_trust_is_taken_back_and_says_what_else_they_wrote(garden: int, workshop: int) -> None:
    mine = make_comment(email=EMAIL, text="First words of mine.")
    make_comment(email="ada@example.org", text="Words of another.")
    made, mira = trust(earned(garden, mine), actor_id=None), member(MIRA).id
    with pytest.raises(Missing):
        revoke_trust(made.id, blogs=frozenset({workshop}), actor_id=mira)
    for _ in range(2):
        revoked = revoke_trust(made.id, blogs=frozenset({garden}), actor_id=mira)
    assert not is_trusted(garden, EMAIL)
    written = sa.select(Comment.id).where(authored_by(revoked, Comment.author_email))
    assert db.session.scalars(written).all() == [mine.id]


def test_who_lost_trust_can_earn_it_again(garden: int) -> None:
    made, mira = trust(earned(garden), actor_id=None), member(MIRA).id
    revoke_trust(made.id, blogs=frozenset({garden}), actor_id=mira)
    assert trust(earned(garden), actor_id=mira).id != made.id
    assert is_trusted(garden, EMAIL)
