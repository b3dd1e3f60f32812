"""Who is looking at an item just now: a word to the other moderators, and no lock.

A claim is made by its own button, never by opening a page: opening changes nothing, and
nobody's reading is watched. Everybody may decide all the same, and take a claim over. Who
decides second is told so anyhow; a claim spares two people the same ten minutes.
"""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, transaction
from app.core.privacy import not_personal

from .models import at_column, blog_column, by_column

CLAIMED_FOR = timedelta(minutes=10)


class Claim(Model):
    """Somebody said that they are looking at an item. One item has one claim, the last."""

    __tablename__ = "claims"

    blog_id: Mapped[int] = blog_column()
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid, unique=True)
    created_at: Mapped[datetime] = at_column("when it was claimed")
    created_by: Mapped[int | None] = by_column()


def claim(blog_id: int, item_uid: uuid.UUID, *, actor_id: int) -> None:
    """Say that somebody is looking at an item, from now on; whoever said so before gives way."""
    with transaction() as session:
        session.execute(sa.delete(Claim).where(Claim.item_uid == item_uid))
        session.add(Claim(blog_id=blog_id, item_uid=item_uid, created_by=actor_id))


def let_go(item_uid: uuid.UUID, *, actor_id: int) -> None:
    """Take back one's own word; somebody else's stays."""
    with transaction() as session:
        own = sa.delete(Claim).where(Claim.item_uid == item_uid, Claim.created_by == actor_id)
        session.execute(own)


def holds(at: datetime) -> sa.ColumnElement[bool]:
    """The condition that a claim still says something."""
    return Claim.created_at > at - CLAIMED_FOR


def drop_claims() -> int:
    """Drop claims that have ended; how many there were."""
    with transaction() as session:
        old = sa.delete(Claim).where(~holds(clock.now()))
        return session.execute(old).rowcount  # type: ignore[attr-defined]
