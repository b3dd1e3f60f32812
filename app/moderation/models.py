"""What is remembered for judging: rules, bans, trust, traces of what was said, reports, notes."""

import enum
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, MappedColumn

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    BLOG_ADMINS,
    PUBLIC,
    Sealed,
    by_email,
    by_uid,
    lookup_of,
    near_of,
    not_personal,
    personal,
    uid_column,
)

LONGEST_WORDS = 20_000
LONGEST_NOTE = 2_000
AGAINST_ABUSE = "keeping a conversation free of abuse"


def words_of(kind: type[enum.StrEnum]) -> sa.Enum:
    """A column that holds one of the words of an enumeration, as plain text."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda kind: [each.value for each in kind],
    )


def blog_column(**options: bool) -> Mapped[int]:
    key = sa.ForeignKey("blogs.id", ondelete="CASCADE")
    return not_personal("the blog it belongs to", key, **options)


def by_column(**options: bool) -> Mapped[int]:
    key = sa.ForeignKey("users.id", ondelete="SET NULL")
    return not_personal("who moderated, by number", key, nullable=True, **options)


def with_row(kind: str, **terms: Any) -> MappedColumn[Any]:
    """A personal column whose whole row goes when its time is over or its person wants it gone.

    Unless told otherwise it opens for the administrators of the blog, against abuse.
    """
    usual = {"opens_for": BLOG_ADMINS, "interest": AGAINST_ABUSE}
    return personal(kind, on_expiry="delete_row", on_erasure="delete_row", **(usual | terms))


def at_column(why: str, **options: bool) -> Mapped[datetime]:
    return not_personal(why, UtcDateTime, default=clock.now, **options)


class Rules(Model):
    """How one blog wants to be screened. A blog without a row has the defaults."""

    __tablename__ = "moderation_rules"

    blog_id: Mapped[int] = blog_column(unique=True)
    #: The word list as its administrator typed it.
    words: Mapped[str] = not_personal("words of the administrator", sa.Text, default="")
    #: Whether strangers' comments are published first and looked at afterwards.
    publishes_first: Mapped[bool] = not_personal("a setting", sa.Boolean, default=False)
    links_allowed: Mapped[int] = not_personal("a setting", sa.Integer, default=1)
    #: Reports after which a comment is hidden until somebody decides; 0 is never.
    report_threshold: Mapped[int] = not_personal("a setting", sa.Integer, default=0)
    changed_at: Mapped[datetime] = at_column("when the settings were saved")
    changed_by: Mapped[int | None] = by_column()
    #: Which state of the settings a form was filled from.
    revision: Mapped[int] = not_personal("counts the changes", sa.Integer, default=1)


class Scope(enum.StrEnum):
    """Whom a ban keeps out."""

    EMAIL = "email"
    ADDRESS = "address"
    NEIGHBOURHOOD = "neighbourhood"


class Ban(Model):
    """Somebody who may not take part in one blog for a while; never longer than is known of them.

    A ban refuses openly: whoever meets it is told so, why, and until when.
    """

    __tablename__ = "bans"
    __belongs__ = (by_email("email"), by_uid("item_uid"))

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = blog_column(index=True)
    scope: Mapped[Scope] = not_personal("whom it keeps out", words_of(Scope))
    email: Mapped[Sealed | None] = with_row(
        "email",
        why="a ban finds who it is about",
        keep=timedelta(days=365),
        seal="ban.email",
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    ip: Mapped[Sealed | None] = with_row(
        "ip",
        why="a ban finds who it is about",
        keep="KEEP_COMMENT_IP_DAYS",
        seal="ban.ip",
        source="observed",
    )
    ip_lookup: Mapped[bytes | None] = lookup_of("ip")
    ip_near: Mapped[bytes | None] = near_of("ip")
    #: Shown to whoever meets the ban.
    reason: Mapped[str] = with_row(
        "content",
        why="whoever meets a ban is told what it is for",
        keep=timedelta(days=365),
        interest="an open reason instead of a silent one",
        source="moderator",
        type_=sa.String(300),
    )
    #: The comment it was set from, when it was.
    item_uid: Mapped[uuid.UUID | None] = not_personal("random name of a comment", sa.Uuid)
    created_at: Mapped[datetime] = at_column("when it was set")
    created_by: Mapped[int | None] = by_column()
    ends_at: Mapped[datetime] = not_personal("when it ends", UtcDateTime)
    lifted_at: Mapped[datetime | None] = not_personal("when it was lifted", UtcDateTime)
    lifted_by: Mapped[int | None] = by_column()


class Trust(Model):
    """Somebody whose comments in one blog appear at once: a proved address, nothing to sell."""

    __tablename__ = "trust"
    __belongs__ = by_email("email")

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = blog_column(index=True)
    email: Mapped[Sealed | None] = with_row(
        "email",
        why="your next comment here appears at once",
        keep="KEEP_COMMENT_EMAIL_DAYS",
        clock="seen_at",
        seal="trust.email",
        uses=("match",),
        interest="sparing regulars and moderators a wait",
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    name: Mapped[str] = with_row(
        "name",
        why="an administrator knows whom they trust",
        opens_for=PUBLIC,
        keep="KEEP_COMMENT_EMAIL_DAYS",
        clock="seen_at",
        interest="trust that can be looked over and taken back",
        type_=sa.String(80),
    )
    #: The approved, link-free comment that earned it.
    item_uid: Mapped[uuid.UUID | None] = not_personal("random name of a comment", sa.Uuid)
    created_at: Mapped[datetime] = at_column("when trust was given")
    created_by: Mapped[int | None] = by_column()
    seen_at: Mapped[datetime] = at_column("when they last wrote")
    revoked_at: Mapped[datetime | None] = not_personal("when trust was taken back", UtcDateTime)
    revoked_by: Mapped[int | None] = by_column()


class Trace(Model):
    """A fingerprint of a text or of a link's host that somebody sent in.

    How that ended is in the decisions about the item.
    """

    __tablename__ = "traces"
    __table_args__ = (
        sa.Index("ix_traces_print", "print"),
        sa.Index("ix_traces_blog_id_created_at", "blog_id", "created_at"),
    )

    blog_id: Mapped[int] = blog_column()
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid, index=True)
    #: Whether `print` is of the whole text; of a link's host otherwise.
    is_text: Mapped[bool] = not_personal("what it is a fingerprint of", sa.Boolean)
    print: Mapped[bytes] = not_personal("keyed hash of words", sa.LargeBinary(16))
    #: Whether nobody here knew its author.
    is_strange: Mapped[bool] = not_personal(
        "whether it counts towards an attack", sa.Boolean, default=False
    )
    created_at: Mapped[datetime] = at_column("when it came")
