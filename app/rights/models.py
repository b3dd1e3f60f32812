"""What is asked for, the links that were mailed, and counts that name nobody."""

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    NOBODY,
    Sealed,
    by_email,
    lookup_of,
    not_personal,
    personal,
    uid_column,
)

from .wishes import Wish

LINK_LIFE = timedelta(hours=24)
LONGEST_EMAIL = 254
LONGEST_NAME = 80
WISH = sa.Enum(
    Wish, native_enum=False, length=10, values_callable=lambda wishes: [w.value for w in wishes]
)


class Request(Model):
    """Something asked for with an address that may be known or unknown; gone once answered."""

    __tablename__ = "rights_requests"
    __belongs__ = by_email("email", is_passing=True)

    uid: Mapped[uuid.UUID] = uid_column()
    wish: Mapped[Wish] = not_personal("what is asked for", WISH)
    email: Mapped[Sealed | None] = personal(
        "email",
        why="the answer reaches the owner of the address and nobody else",
        opens_for=NOBODY,
        keep=timedelta(days=1),
        subject="requester",
        basis="6(1)(c)",
        seal="rights_request.email",
        uses=("mail", "answer"),
        on_expiry="delete_row",
        on_erasure="delete_row",
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    created_at: Mapped[datetime] = not_personal("when it was asked", UtcDateTime, default=clock.now)
    due_at: Mapped[datetime] = not_personal("when it is answered", UtcDateTime, index=True)


class RightsLink(Model):
    """A mailed link to one thing for one address; only the hash of its secret is known here."""

    __tablename__ = "rights_links"
    __belongs__ = by_email("email", is_passing=True)

    uid: Mapped[uuid.UUID] = uid_column()
    token_hash: Mapped[bytes] = not_personal(
        "recognises the mailed link", sa.LargeBinary(32), unique=True
    )
    wish: Mapped[Wish] = not_personal("the one thing it does", WISH)
    email: Mapped[Sealed | None] = personal(
        "email",
        why="the link finds what belongs to the address it was mailed to",
        opens_for=NOBODY,
        keep=LINK_LIFE,
        subject="requester",
        basis="6(1)(c)",
        seal="rights_link.email",
        uses=("answer",),
        on_expiry="delete_row",
        on_erasure="delete_row",
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    created_at: Mapped[datetime] = not_personal("age of the link", UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = not_personal("end of the link", UtcDateTime, index=True)


class AddressCount(Model):
    """How often was asked with an address lately. The key is a keyed hash and names nobody."""

    __tablename__ = "rights_counts"

    key: Mapped[bytes] = not_personal(
        "keyed hash of an address, forgotten within a week", sa.LargeBinary(32), unique=True
    )
    count: Mapped[int] = not_personal("a number")
    until: Mapped[datetime] = not_personal("when the count begins anew", UtcDateTime)
    quiet_until: Mapped[datetime | None] = not_personal(
        "when it may be told again that nothing is held", UtcDateTime
    )


class MonthTotal(Model):
    """How often one thing was done in one month, by nobody in particular."""

    __tablename__ = "rights_totals"
    __table_args__ = (sa.UniqueConstraint("month", "wish"),)

    month: Mapped[date] = not_personal("first day of a month", sa.Date)
    wish: Mapped[Wish] = not_personal("what was done", WISH)
    count: Mapped[int] = not_personal("how often")
