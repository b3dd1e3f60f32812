"""People with an account, and what each may do on which blog."""

import enum
import uuid
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Enum, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    NOBODY,
    PUBLIC,
    SUBJECT,
    Sealed,
    by_account,
    by_email,
    lookup_of,
    not_personal,
    personal,
    seal,
    uid_column,
)

from .addresses import fold

UNTIL_CLOSED = "the account is closed"
INVITATION_LIFE = timedelta(days=7)


def word_of(kind: type[enum.StrEnum]) -> Enum:
    """A column that holds one of the words of an enumeration, as plain text."""
    return Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda kind: [each.value for each in kind],
    )


class Role(enum.StrEnum):
    """What a person is on one blog. The site's owner is none of these: see `User.is_owner`."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class User(Model):
    """A person with an account: a name that may be public, an address that stays sealed.

    Until `email_proved_at` is set the account is only asked for, and nobody can sign in to it.
    """

    __tablename__ = "users"
    __belongs__ = (
        by_email("email"),
        by_email("new_email", only=("new_email",), since="new_email_at"),
    )
    __table_args__ = (
        # One proved address is one account; those not proved yet wait side by side.
        Index(
            "uq_users_proved_email",
            "email_lookup",
            unique=True,
            sqlite_where=text("email_proved_at IS NOT NULL"),
            postgresql_where=text("email_proved_at IS NOT NULL"),
        ),
    )

    uid: Mapped[uuid.UUID] = uid_column()
    username: Mapped[str] = personal(
        "name",
        why="the account has a name, and what its person writes a signature",
        opens_for=PUBLIC,
        keep=None,
        until=UNTIL_CLOSED,
        subject="member",
        basis="6(1)(b)",
        on_erasure="tombstone",
        corrected_at="your account",
        type_=String(40),
    )
    username_folded: Mapped[str] = personal(
        "name",
        why="no two usernames look the same",
        opens_for=NOBODY,
        keep=None,
        until=UNTIL_CLOSED,
        subject="member",
        basis="6(1)(b)",
        on_erasure="tombstone",
        corrected_at="your account",
        type_=String(60),
        unique=True,
    )
    email: Mapped[Sealed | None] = personal(
        "email",
        why="you can be told what concerns your account, and get in without a password",
        opens_for=SUBJECT,
        keep=None,
        until=UNTIL_CLOSED,
        subject="member",
        basis="6(1)(b)",
        seal="user.email",
        corrected_at="your account",
        uses=("mail", "subject"),
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    #: An address asked for and not proved yet; forgotten with its link.
    new_email: Mapped[Sealed | None] = personal(
        "email",
        why="it can be asked whether it may become the address of your account",
        opens_for=SUBJECT,
        keep=timedelta(days=1),
        clock="new_email_at",
        subject="member",
        basis="6(1)(b)",
        seal="user.new_email",
        corrected_at="your account",
        uses=("mail", "subject"),
    )
    new_email_lookup: Mapped[bytes | None] = lookup_of("new_email")
    new_email_at: Mapped[datetime | None] = not_personal("when it was asked for", UtcDateTime)
    password_hash: Mapped[str | None] = personal(
        "account",
        why="you can sign in with a password",
        opens_for=NOBODY,
        keep=None,
        until=UNTIL_CLOSED,
        subject="member",
        basis="6(1)(b)",
        withheld="the way in is shown to nobody",
        type_=String(200),
    )
    is_owner: Mapped[bool] = not_personal("the right to run the site", Boolean, default=False)
    email_proved_at: Mapped[datetime | None] = not_personal(
        "when the address answered", UtcDateTime
    )
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    closed_at: Mapped[datetime | None] = not_personal("end of the account", UtcDateTime)
    #: Set while an owner keeps the account shut; nothing of it is lost.
    disabled_at: Mapped[datetime | None] = not_personal("when it was shut for now", UtcDateTime)
    last_seen_at: Mapped[datetime | None] = not_personal("finds unused accounts", UtcDateTime)
    #: When its person was told that it will be closed, as nobody signs in.
    warned_at: Mapped[datetime | None] = not_personal("finds unused accounts", UtcDateTime)

    @property
    def is_open(self) -> bool:
        """Whether the account can be signed in to."""
        is_shut = self.closed_at is not None or self.disabled_at is not None
        return self.email_proved_at is not None and not is_shut

    def take_email(self, address: str) -> None:
        """Have this address from now on, and no other in question."""
        self.email = seal(address)  # type: ignore[assignment]  # sealed as it is assigned
        self.new_email = None
        self.new_email_at = None

    def ask_email(self, address: str) -> None:
        """Put this address in question, until its link is used or too old."""
        self.new_email = seal(address)  # type: ignore[assignment]  # sealed as it is assigned
        self.new_email_at = clock.now()

    def rename(self, username: str) -> None:
        """Take a username, and with it all spellings that look the same."""
        self.username = username
        self.username_folded = fold(username)


class Membership(Model):
    """A person's role on one blog."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "blog_id"),)

    user_id: Mapped[int] = not_personal(
        "whose role it is", ForeignKey("users.id", ondelete="CASCADE")
    )
    blog_id: Mapped[int] = not_personal(
        "where it counts", ForeignKey("blogs.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = not_personal("what may be done there", word_of(Role))
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)


class Invitation(Model):
    """A role on one blog, offered to an address by mail."""

    __tablename__ = "invitations"
    __belongs__ = by_email("email")

    uid: Mapped[uuid.UUID] = uid_column()
    token_hash: Mapped[bytes] = not_personal(
        "recognises the mailed link", LargeBinary(32), unique=True
    )
    blog_id: Mapped[int] = not_personal(
        "where the role will count", ForeignKey("blogs.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = not_personal("what is offered", word_of(Role))
    email: Mapped[Sealed | None] = personal(
        "email",
        why="the invitation can be sent",
        opens_for=NOBODY,
        keep=timedelta(days=30),
        subject="invited person",
        interest="asking people to help with a blog",
        seal="invitation.email",
        uses=("mail",),
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    invited_by: Mapped[int | None] = not_personal(
        "who offered it", ForeignKey("users.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = not_personal("end of the offer", UtcDateTime)
    used_at: Mapped[datetime | None] = not_personal("when it was taken", UtcDateTime)


class Acceptance(Model):
    """A person's word to keep confidential what administrators see.

    Kept when the role ends: every look that was recorded names the promise it was made under.
    """

    __tablename__ = "acceptances"
    __belongs__ = by_account("user_id")

    user_id: Mapped[int] = not_personal("who promised", ForeignKey("users.id"), index=True)
    version: Mapped[int] = not_personal("number of the text")
    text_hash: Mapped[str] = not_personal("digest of its very words", String(64))
    typed_name: Mapped[str] = personal(
        "name",
        why="your promise is signed",
        opens_for=SUBJECT,
        keep=None,
        until="the last look made under your promise is forgotten",
        subject="member",
        basis="6(1)(f)",
        interest="holding people to their promise of confidentiality",
        clock="accepted_at",
        on_erasure="keep",
        kept_why="each look on record names the promise it was made under",
        corrected_at="a promise signed anew",
        type_=String(120),
    )
    accepted_at: Mapped[datetime] = not_personal("when", UtcDateTime, default=clock.now)
