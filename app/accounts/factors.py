"""What a person holds besides a password: codes, keys, and devices that were here before."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    NOBODY,
    SUBJECT,
    Sealed,
    by_account,
    not_personal,
    personal,
    uid_column,
)

from .models import UNTIL_CLOSED


class Totp(Model):
    """The secret shared with a person's authenticator app; counts once it is confirmed."""

    __tablename__ = "totp"
    __belongs__ = by_account("user_id")

    uid: Mapped[uuid.UUID] = uid_column()
    user_id: Mapped[int] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), unique=True
    )
    secret: Mapped[Sealed] = personal(
        "secret",
        why="the codes of your authenticator app can be checked",
        opens_for=NOBODY,
        keep=None,
        until="the app is removed or the account is closed",
        subject="member",
        basis="6(1)(b)",
        seal="user.totp",
        uses=("sign-in",),
        on_erasure="delete_row",
        withheld="the way in is shown to nobody",
    )
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    confirmed_at: Mapped[datetime | None] = not_personal("when a code was right", UtcDateTime)
    #: The time step of the last code taken: no code is taken twice.
    last_counter: Mapped[int | None] = not_personal("no code is taken twice", BigInteger)


class RecoveryCode(Model):
    """One of ten codes for the day the other factors are lost; each opens once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[bytes] = not_personal("recognises the code", LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = not_personal("when it was spent", UtcDateTime)


class Passkey(Model):
    """A public key whose private half never leaves the person's device."""

    __tablename__ = "passkeys"
    __belongs__ = by_account("user_id")

    user_id: Mapped[int] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    credential_id: Mapped[bytes] = not_personal(
        "names the key to the device that holds it", LargeBinary(1_023), unique=True
    )
    public_key: Mapped[bytes] = not_personal("checks its signatures", LargeBinary(2_048))
    sign_count: Mapped[int] = not_personal("notices copies", BigInteger, default=0)
    is_synced: Mapped[bool] = not_personal("fixed when it is made", Boolean, default=False)
    label: Mapped[str] = personal(
        "content",
        why="you can tell your keys apart",
        opens_for=SUBJECT,
        keep=None,
        until=UNTIL_CLOSED,
        subject="member",
        basis="6(1)(b)",
        on_erasure="delete_row",
        type_=String(60),
    )
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = not_personal("last use", UtcDateTime)


class Challenge(Model):
    """Random bytes for a passkey to sign, given to one browser and answered once."""

    __tablename__ = "challenges"

    value: Mapped[bytes] = not_personal("random", LargeBinary(32), unique=True)
    purpose: Mapped[str] = not_personal("making a key, or using one", String(20))
    #: Hash of the cookie of the browser it was given to.
    binding: Mapped[bytes] = not_personal("recognises the browser", LargeBinary(32), index=True)
    #: Whose key is asked for; nobody's in particular at the first step of a log-in.
    user_id: Mapped[int | None] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = not_personal("end of the challenge", UtcDateTime, index=True)


class KnownDevice(Model):
    """A browser that signed in before; strangers' wrong guesses do not slow it down."""

    __tablename__ = "known_devices"

    user_id: Mapped[int] = not_personal(
        "whose", ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = not_personal("recognises its cookie", LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = not_personal("last use", UtcDateTime)
