"""What screening makes of a comment, with what is known here about its author."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.privacy import matches

from .models import Comment, State

#: More approved comments say nothing more.
ENOUGH = 20


@dataclass(frozen=True)
class Judgement:
    """Where a comment goes, and the named reasons as they are stored with it."""

    state: State
    reasons: list[dict[str, Any]]


@dataclass(frozen=True)
class Sender:
    """From where a text came, and what was odd about how."""

    ip: str
    suspicions: tuple[str, ...] = ()


def judge(session: Session, blog_id: int, draft: Any, sender: Sender) -> Judgement:
    """Whether a text may be shown at once. Raises `Banned` for somebody who may not write here."""
    return Judgement(State.HELD, [])


def _history(session: Session, blog_id: int, email: str | None) -> tuple[int, bool]:
    """How many comments of that address are shown here, and whether it was ever proved."""
    if email is None:
        return 0, False
    shown = (
        sa.select(Comment.proved_at)
        .where(matches(Comment.author_email, email))
        .where(Comment.blog_id == blog_id, Comment.state == State.SHOWN)
        .limit(ENOUGH)
        .subquery()
    )
    query = sa.select(sa.func.count(), sa.func.count(shown.c.proved_at)).select_from(shown)
    count, proved = session.execute(query).one()
    return count, proved > 0
