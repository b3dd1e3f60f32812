"""The ways in: sessions, mailed one-time links, and how often a way was tried in vain."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    SUBJECT,
    Sealed,
    by_account,
    not_personal,
    personal,
    uid_column,
)

from .models import word_of


class SessionState(enum.StrEnum):
    """How far a sign-in has come."""

    #: The first factor was right; the second is still to be shown.
    PENDING = "pending"
    OPEN = "open"


class Session(Model):
    """One browser that is signed in. Only the hash of its cookie is known here.

    Ending a session deletes its row, so that it is over at the next request.
    """

    __tablename__ = "sessions"
    __belongs__ = by_account("user_id")

    uid: Mapped[uuid.UUID] = uid_column()
    token_hash: Mapped[bytes] = not_personal("recognises its cookie", LargeBinary(32), unique=True)
    user_id: Mapped[int] = not_personal(
        "who is signed in", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[SessionState] = not_personal(
        "how far the sign-in has come", word_of(SessionState)
    )
    created_at: Mapped[datetime] = not_personal("when it began", UtcDateTime, default=clock.now)
    used_at: Mapped[datetime] = not_personal("last use", UtcDateTime, default=clock.now)
    stays: Mapped[bool] = not_personal("whether it outlives the browser's own session", Boolean)
    #: When the person last proved to be there; staying signed in is no proof.
    confirmed_at: Mapped[datetime | None] = not_personal("last proof", UtcDateTime)
    expires_at: Mapped[datetime] = not_personal("end of the session", UtcDateTime, index=True)
    device: Mapped[str] = personal(
        "device",
        why="you can recognise your sessions",
        opens_for=SUBJECT,
        keep=None,
        until="the session ends",
        subject="member",
        basis="6(1)(b)",
        on_erasure="delete_row",
        type_=String(60),
    )
    ip: Mapped[Sealed | None] = personal(
        "ip",
        why="you can notice a sign-in that was not yours",
        opens_for=SUBJECT,
        keep="KEEP_SIGN_IN_IP_DAYS",
        subject="member",
        basis="6(1)(f)",
        interest="keeping accounts in their owners' hands",
        seal="login.ip",
    )


class Link(Model):
    """A one-time link that was mailed, or printed for the first owner."""

    __tablename__ = "links"

    token_hash: Mapped[bytes] = not_personal("recognises the link", LargeBinary(32), unique=True)
    purpose: Mapped[str] = not_personal("the one thing it does", String(20))
    user_id: Mapped[int | None] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    facts: Mapped[Any] = not_personal("what it does, without personal data", JSON)
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = not_personal("end of the link", UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = not_personal("each opens once", UtcDateTime)


class Throttle(Model):
    """How often one door was tried in vain. The key is a keyed hash and names nobody."""

    __tablename__ = "throttles"

    key: Mapped[bytes] = not_personal(
        "a keyed hash of door and visitor", LargeBinary(32), unique=True
    )
    failures: Mapped[int] = not_personal("tries in vain", default=0)
    opens_at: Mapped[datetime] = not_personal("when the next try is taken", UtcDateTime)
    forgotten_at: Mapped[datetime] = not_personal("when it starts anew", UtcDateTime, index=True)
