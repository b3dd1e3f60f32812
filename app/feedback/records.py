"""What publishing rests on: a wording, the sender's grant of it, an approval of it, and the card.

`live` is true or nothing. A live card names a feedback and a hash of a text; the database takes it
only while a grant and an approval of that very hash are live, and with either of them takes the
card's `live` back. A card holds no words of its own: it is read through grant and wording.
"""

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    BLOG_ADMINS,
    BLOG_TEAM,
    PUBLIC,
    by_account,
    by_parent,
    not_personal,
    personal,
    uid_column,
)

from .models import Channel, word

LONGEST_CREDIT = 120
_INTEREST = "showing what people said of us, as far as they agreed"


class Maker(enum.StrEnum):
    """Who put a text into its words."""

    SENDER = "sender"
    ADMINISTRATOR = "administrator"


class How(enum.StrEnum):
    """What a wording is to the text that was sent."""

    ORIGINAL = "original"
    SHORTENED = "shortened"
    REWORDED = "reworded"


class Credit(enum.StrEnum):
    """How much a card says of who wrote it, least first."""

    ANONYMOUS = "anonymous"
    ROLE = "role"
    INITIALS = "initials"
    FIRST = "first"
    FULL = "full"


class End(enum.StrEnum):
    """Why a grant ended."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"
    ERASED = "erased"


class Asked(enum.StrEnum):
    """What a question to the sender is about."""

    PUBLISH = "publish"
    WORDING = "wording"
    RENEWAL = "renewal"


class Reply(enum.StrEnum):
    """What the sender answered to it."""

    AGREED = "agreed"
    DECLINED = "declined"


def _of(**options: Any) -> Any:
    key = ForeignKey("feedback.id", ondelete="CASCADE")
    return not_personal("the feedback it is about", key, **options)


def _hash(**options: Any) -> Any:
    return not_personal("hash of the exact wording", sa.LargeBinary(32), **options)


def _live() -> Any:
    """True, or nothing; no two rows about one wording are live."""
    return not_personal("whether it holds", sa.Boolean, nullable=True)


def _shown(kind: str, type_: Any, why: str, **more: Any) -> Any:
    """A column that is public while its card is."""
    terms: dict[str, Any] = {
        "opens_for": PUBLIC,
        "keep": None,
        "until": "you take it back, or agreeing to it has ended and the rest is deleted",
        "subject": "sender",
        "basis": "6(1)(a)",
        "on_expiry": "tombstone",
        "on_erasure": "tombstone",
        "corrected_at": "the private page of your feedback",
    }
    return personal(kind, why=why, type_=type_, **terms | more)


def _of_wording() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["feedback_id", "text_hash"],
        ["feedback_wordings.feedback_id", "feedback_wordings.text_hash"],
        ondelete="CASCADE",
    )


def _true_or_nothing() -> CheckConstraint:
    return CheckConstraint("live IS NOT FALSE", name="live")


class Wording(Model):
    """A text that could become public, word for word. Its hash stays when its words are erased."""

    __tablename__ = "feedback_wordings"
    __belongs__ = by_parent("feedback_id", "feedback")
    __table_args__ = (
        UniqueConstraint("feedback_id", "text_hash"),
        sa.Index("ix_feedback_wordings_text_hash", "text_hash"),
    )

    feedback_id: Mapped[int] = _of()
    text_hash: Mapped[bytes] = _hash()
    text: Mapped[str] = _shown("content", sa.Text, "others can read what you said")
    html: Mapped[str] = _shown(
        "content", sa.Text, "others can read what you said", source="derived"
    )
    html_version: Mapped[int] = not_personal("the renderer that made the HTML")
    how: Mapped[How] = not_personal("what it is to the original", word(How), default=How.ORIGINAL)
    made_by: Mapped[Maker] = not_personal("who worded it", word(Maker), default=Maker.SENDER)
    made_from: Mapped[bytes | None] = not_personal("hash of its source", sa.LargeBinary(32))
    made_by_id: Mapped[int | None] = not_personal("which administrator, by number")
    made_at: Mapped[datetime] = not_personal("when it was made", UtcDateTime, default=clock.now)


class Grant(Model):
    """The sender's word that one exact text may be public, how signed, where, and until when.

    Written once: whatever changes ends this row, which then forgets its credit line, and
    writes another. `mac` is over all that a live one says.
    """

    __tablename__ = "feedback_grants"
    __belongs__ = by_parent("feedback_id", "feedback")
    __table_args__ = (
        _of_wording(),
        UniqueConstraint("feedback_id", "text_hash", "live"),
        _true_or_nothing(),
        sa.Index("ix_feedback_grants_ends", "live", "ends_at"),
        sa.Index("ix_feedback_grants_home", "on_home", "live", "given_at", "id"),
    )

    uid: Mapped[uuid.UUID] = uid_column()
    feedback_id: Mapped[int] = _of()
    text_hash: Mapped[bytes] = _hash()
    live: Mapped[bool | None] = _live()
    credit: Mapped[Credit] = not_personal("how much is said of the sender", word(Credit))
    credit_line: Mapped[str] = _shown(
        "name", sa.String(LONGEST_CREDIT), "others can see who said it, as far as you chose"
    )
    on_home: Mapped[bool] = not_personal("whether the home page may quote it", default=False)
    sentence_version: Mapped[int] = not_personal("which words were agreed to")
    sentence: Mapped[str] = not_personal("the words that were agreed to", sa.Text)
    locale: Mapped[str] = not_personal("the language of those words", sa.String(10))
    channel: Mapped[Channel] = not_personal("which way agreement came", word(Channel))
    given_at: Mapped[datetime] = not_personal("when it was given", UtcDateTime)
    ends_at: Mapped[datetime] = not_personal("when it ends by itself", UtcDateTime)
    ended_at: Mapped[datetime | None] = not_personal("when it ended", UtcDateTime)
    ended: Mapped[End | None] = not_personal("why it ended", word(End))
    follows_id: Mapped[int | None] = not_personal("the longer or other grant before it")
    entry: Mapped[int] = not_personal("its number in the audit chain")
    mac: Mapped[bytes] = not_personal("seal over what it says", sa.LargeBinary(32))


class Approval(Model):
    """An administrator's word that one exact text may be public, with at most so much credit."""

    __tablename__ = "feedback_approvals"
    __table_args__ = (
        _of_wording(),
        UniqueConstraint("feedback_id", "text_hash", "live"),
        _true_or_nothing(),
    )

    uid: Mapped[uuid.UUID] = uid_column()
    feedback_id: Mapped[int] = _of()
    text_hash: Mapped[bytes] = _hash()
    live: Mapped[bool | None] = _live()
    widest: Mapped[Credit] = not_personal("the most that may be said of the sender", word(Credit))
    approved_by: Mapped[int | None] = not_personal("which administrator, by number")
    approved_at: Mapped[datetime] = not_personal("when it was approved", UtcDateTime)
    ended_at: Mapped[datetime | None] = not_personal("when it ended", UtcDateTime)
    entry: Mapped[int] = not_personal("its number in the audit chain")
    mac: Mapped[bytes] = not_personal("seal over what it says", sa.LargeBinary(32))


class Card(Model):
    """That a feedback is public, and in which wording. Without `live` it was public once."""

    __tablename__ = "feedback_cards"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                ["feedback_id", "text_hash", "live"],
                [f"{table}.feedback_id", f"{table}.text_hash", f"{table}.live"],
                name=f"fk_feedback_cards_{name}",
                onupdate="CASCADE",
                ondelete="CASCADE",
            )
            for name, table in (("grant", "feedback_grants"), ("approval", "feedback_approvals"))
        ),
        _true_or_nothing(),
        sa.Index("ix_feedback_cards_public", "live", "published_at", "feedback_id"),
    )

    feedback_id: Mapped[int] = _of(unique=True)
    text_hash: Mapped[bytes] = _hash()
    live: Mapped[bool | None] = _live()
    published_at: Mapped[datetime] = not_personal("when it became public", UtcDateTime)


class Ask(Model):
    """A question to the sender: may it be public, in these words, or for longer?"""

    __tablename__ = "feedback_asks"
    __table_args__ = (_of_wording(), sa.Index("ix_feedback_asks_open", "feedback_id", "asked_at"))

    feedback_id: Mapped[int] = _of()
    text_hash: Mapped[bytes] = _hash()
    about: Mapped[Asked] = not_personal("what was asked", word(Asked))
    asked_at: Mapped[datetime] = not_personal("when it was asked", UtcDateTime, default=clock.now)
    asked_by: Mapped[int | None] = not_personal("which administrator, by number")
    answered_at: Mapped[datetime | None] = not_personal("when it was answered", UtcDateTime)
    reply: Mapped[Reply | None] = not_personal("what was answered", word(Reply))


def _answered(**more: Any) -> Any:
    """The words of an answer, which go with the feedback."""
    return personal(
        "content",
        why="one can be answered",
        opens_for=BLOG_TEAM,
        place="the site's feedback",
        keep=None,
        until="the feedback it belongs to is deleted",
        subject="sender",
        interest=_INTEREST,
        on_expiry="delete_row",
        on_erasure="delete_row",
        type_=sa.Text,
        **more,
    )


class Answer(Model):
    """What the site answered officially, or the sender's one answer to that.

    An official answer stands under the card while there is one; the sender's never does.
    """

    __tablename__ = "feedback_answers"
    __belongs__ = (
        by_parent("feedback_id", "feedback", only=("text", "html")),
        by_account("user_id", only=("user_id",)),
    )
    __table_args__ = (UniqueConstraint("feedback_id", "number"),)

    feedback_id: Mapped[int] = _of()
    number: Mapped[int] = not_personal("its place in the exchange")
    by: Mapped[Maker] = not_personal("who answers", word(Maker))
    text: Mapped[str] = _answered()
    html: Mapped[str] = _answered(source="derived")
    html_version: Mapped[int] = not_personal("the renderer that made the HTML")
    created_at: Mapped[datetime] = not_personal("when it was given", UtcDateTime, default=clock.now)
    user_id: Mapped[int | None] = personal(
        "account",
        why="it is on record who spoke for the site",
        opens_for=BLOG_ADMINS,
        keep=None,
        until="the feedback it belongs to is deleted",
        subject="administrator",
        interest=_INTEREST,
        on_expiry="keep",
        on_erasure="keep",
        kept_why="it is on record who spoke for the site",
    )
