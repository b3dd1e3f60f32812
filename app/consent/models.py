"""Receipts of choices, which name nobody, and the totals that remain of them."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


class Method(enum.StrEnum):
    """With what a choice was made."""

    BANNER = "banner"
    FOOTER = "footer"
    PAGE = "page"
    COLOURS = "colours"


class Recency(enum.StrEnum):
    """How long ago a visitor was here before."""

    NEW = "new"
    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"


def _words(kind: type[enum.StrEnum]) -> sa.Enum:
    return sa.Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )


class Receipt(Model):
    """Proof that one choice was made, in whose words and when, and not by whom.

    Several choices of one browser share a number, which only that browser has.
    """

    __tablename__ = "choice_receipts"

    number: Mapped[str] = not_personal(
        "random number that only the visitor's browser holds", sa.String(32), index=True
    )
    given_at: Mapped[datetime] = not_personal("when it was chosen", UtcDateTime)
    ends_at: Mapped[datetime] = not_personal("when it no longer holds", UtcDateTime, index=True)
    revision: Mapped[int] = not_personal("which question was answered")
    preferences: Mapped[bool] = not_personal("an answer, under no name")
    measurement: Mapped[bool] = not_personal("an answer, under no name")
    method: Mapped[Method] = not_personal("with what it was answered", _words(Method))
    had_signal: Mapped[bool] = not_personal("whether the browser asks not to be tracked")
    wording_hash: Mapped[str] = not_personal("hash of the words of the question", sa.String(64))
    version: Mapped[str] = not_personal("version of the program", sa.String(20))


class ReceiptTotal(Model):
    """How many chose what in a month; what is kept of receipts that are gone."""

    __tablename__ = "choice_totals"
    __table_args__ = (sa.UniqueConstraint("month", "revision", "preferences", "measurement"),)

    month: Mapped[date] = not_personal("a month")
    revision: Mapped[int] = not_personal("which question was answered")
    preferences: Mapped[bool] = not_personal("an answer that several gave")
    measurement: Mapped[bool] = not_personal("an answer that several gave")
    count: Mapped[int] = not_personal("a number")


class VisitorDay(Model):
    """How many visitors who agreed to be counted came on a day, by when they came before."""

    __tablename__ = "visitor_days"
    __table_args__ = (sa.UniqueConstraint("day", "recency"),)

    day: Mapped[date] = not_personal("a day")
    recency: Mapped[Recency] = not_personal("how long ago, of several", _words(Recency))
    count: Mapped[int] = not_personal("a number")
