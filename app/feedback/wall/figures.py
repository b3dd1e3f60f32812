"""The line under the wall's title: how much was received, agreed to, and published.

Triggers keep the numbers, so that no way of sending, granting or publishing can forget
them, and so that the wall never has to count. Received is everything that could become
public and was not judged spam, also what was declined or has been deleted since; agreed
is what its sender lets be public today.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, db
from app.core.privacy import not_personal

from ..records import Card, Grant


class FeedbackFigures(Model):
    """The numbers; there is one row."""

    __tablename__ = "feedback_figures"

    received: Mapped[int] = not_personal("how many were received", default=0)
    agreed: Mapped[int] = not_personal("how many may be public", default=0)
    published: Mapped[int] = not_personal("how many are public", default=0)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one moment."""

    received: int
    agreed: int
    published: int


def figures() -> Figures:
    """How much was received, may be public, and is; one statement, whatever the numbers are."""
    over = sa.and_(Grant.live.is_(True), Grant.ends_at <= clock.now())
    # A grant is over at its moment, and its row says so when the job has come round.
    ended = sa.select(sa.func.count(sa.distinct(Grant.feedback_id))).where(over)
    gone = (
        sa.select(sa.func.count())
        .select_from(Card)
        .join(Grant, sa.and_(Grant.feedback_id == Card.feedback_id, over))
        .where(Card.live.is_(True), Card.text_hash == Grant.text_hash)
    )
    row = db.session.execute(
        sa.select(
            FeedbackFigures.received,
            FeedbackFigures.agreed - ended.scalar_subquery(),
            FeedbackFigures.published - gone.scalar_subquery(),
        )
    ).one()
    return Figures(*row)
