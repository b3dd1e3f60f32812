"""What a person holds besides a password: app, passkeys, recovery codes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.core.database import db

from .factors import Passkey, RecoveryCode, Totp


@dataclass(frozen=True)
class Keyring:
    """One person's second factors, as the security page and the log-in need them."""

    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def has_second_factor(self) -> bool:
        """Whether a log-in asks for more than a password or a mailed link."""
        return self.app_since is not None or bool(self.passkeys)


def keyring_of(user_id: int) -> Keyring:
    """The second factors of a person."""
    app_since = db.session.scalar(
        sa.select(Totp.confirmed_at).where(Totp.user_id == user_id, Totp.confirmed_at.is_not(None))
    )
    passkeys = db.session.scalars(
        sa.select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    ).all()
    return Keyring(app_since, tuple(passkeys), codes_left(user_id))


def codes_left(user_id: int) -> int:
    """How many recovery codes are not spent."""
    unspent = sa.select(sa.func.count()).select_from(RecoveryCode)
    return (
        db.session.scalar(
            unspent.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def app_being_set_up(user_id: int) -> Totp | None:
    """The secret of an app that has not shown its first code yet."""
    return db.session.scalar(
        sa.select(Totp).where(Totp.user_id == user_id, Totp.confirmed_at.is_(None))
    )
