"""Drafts as files say them, versions as they were published, and who was told of which."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal

_COMPANY = "what the company publishes"


class PolicyDraft(Model):
    """What a file says, with the names of its figures; a published version does not need it."""

    __tablename__ = "policy_drafts"

    number: Mapped[int] = not_personal("number of a version", unique=True)
    source: Mapped[str] = not_personal("path of a content file", sa.String(1_000))
    digest: Mapped[str] = not_personal("hash of a content file", sa.String(32))
    effective_from: Mapped[date] = not_personal("first day of a version", sa.Date)
    announced_on: Mapped[date] = not_personal("day of an announcement", sa.Date)
    is_material: Mapped[bool] = not_personal("whether people are told ahead")
    cookie_revision: Mapped[int] = not_personal("number of a question about cookies")
    changes: Mapped[list[str]] = not_personal(_COMPANY, sa.JSON)
    #: Settings as they will be from that day, by name, where the running ones are others.
    settings: Mapped[dict[str, str]] = not_personal(_COMPANY, sa.JSON)
    body: Mapped[str] = not_personal(_COMPANY, sa.Text)
    contents: Mapped[list[Any]] = not_personal(_COMPANY, sa.JSON)


class PolicyVersion(Model):
    """A version as it was published. The database refuses to change or delete one.

    `html` holds its figures; `figures` maps the name of each to its text and to what decided
    it. `seal` is the digest of all of that, and stands in the audit chain.
    """

    __tablename__ = "policy_versions"

    number: Mapped[int] = not_personal("number of a version", unique=True)
    digest: Mapped[str] = not_personal("hash of a content file", sa.String(32))
    effective_from: Mapped[date] = not_personal("first day of a version", sa.Date)
    announced_on: Mapped[date] = not_personal("day of an announcement", sa.Date)
    is_material: Mapped[bool] = not_personal("whether people are told ahead")
    cookie_revision: Mapped[int] = not_personal("number of a question about cookies")
    changes: Mapped[list[str]] = not_personal(_COMPANY, sa.JSON)
    html: Mapped[str] = not_personal(_COMPANY, sa.Text)
    html_sha256: Mapped[str] = not_personal("hash of a public document", sa.String(64))
    contents: Mapped[list[Any]] = not_personal(_COMPANY, sa.JSON)
    plain: Mapped[str] = not_personal(_COMPANY, sa.Text)
    figures: Mapped[dict[str, Any]] = not_personal(_COMPANY, sa.JSON)
    fingerprint: Mapped[str] = not_personal("hash of public figures", sa.String(64))
    seal: Mapped[str] = not_personal("hash of a public document", sa.String(64))
    #: Where the chain holds the seal, and what its commitment there is salted with.
    audit_id: Mapped[int] = not_personal("place in the chain", sa.ForeignKey("audit_chain.id"))
    audit_salt: Mapped[bytes] = not_personal("random", sa.LargeBinary(32))
    published_at: Mapped[datetime] = not_personal("when it was published", UtcDateTime)

    @property
    def address(self) -> str:
        """Where this version stays, whatever follows it."""
        return f"/privacy/v/{self.number}/"


class PolicyNotice(Model):
    """That an account was sent word of a version; there is one for each that was."""

    __tablename__ = "policy_notices"
    __table_args__ = (sa.UniqueConstraint("number", "user_id"),)

    number: Mapped[int] = not_personal("number of a version")
    user_id: Mapped[int] = not_personal(
        "whose account was told", sa.ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    noted_at: Mapped[datetime] = not_personal("when the mail was written", UtcDateTime)


class PolicyOpening(Model):
    """The newest version that an account has opened the changes of."""

    __tablename__ = "policy_openings"

    user_id: Mapped[int] = not_personal(
        "whose account it was", sa.ForeignKey("users.id", ondelete="CASCADE"), unique=True
    )
    number: Mapped[int] = not_personal("number of a version")
    opened_at: Mapped[datetime] = not_personal("when", UtcDateTime, default=clock.now)
