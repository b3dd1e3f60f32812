"""The second factor as use cases: set up an app, show a code, renew the codes on paper.

The log-in, not this module, decides when a code is asked for; no function here signs
anybody in (decision 0031). Every change is on record, and its person is told by mail.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import transaction
from app.core.errors import Conflict
from app.core.privacy import open_for, seal

from . import recovery, totp
from .factors import Passkey, RecoveryCode, Totp
from .keyring import app_being_set_up, codes_left, keyring_of
from .models import User
from .notices import tell
from .sessions import end_sessions
from .throttling import clear_doors, factor_door, try_doors


@dataclass(frozen=True)
class AppSetUp:
    """What a person needs to add this site to their authenticator app."""

    picture: str
    key: str


def is_required() -> bool:
    """Whether this site asks for a second factor before a look at personal data."""
    return bool(current_app.config["REQUIRE_SECOND_FACTOR"])


def begin_app(user: User) -> None:
    """Make the secret for an app. It opens nothing until `confirm_app` has seen a code.

    Beginning again makes another secret. Raises `Conflict` when an app is set up already.
    """
    with transaction() as session:
        earlier = session.scalar(sa.select(Totp).where(Totp.user_id == user.id))
        if earlier and earlier.confirmed_at:
            raise Conflict("An authenticator app is set up already.")
        if earlier:
            session.delete(earlier)
            session.flush()
        session.add(Totp(user_id=user.id, secret=seal(totp.new_secret())))


def app_to_confirm(user: User, site: str) -> AppSetUp | None:
    """The picture and the key of an app being set up; `None` when none is."""
    row = app_being_set_up(user.id)
    if row is None:
        return None
    secret = open_for(row, "secret", purpose="sign-in")
    address = totp.set_up_address(secret, user.username, site)
    return AppSetUp(totp.picture(address), totp.in_groups(secret))


def confirm_app(user: User, code: str, *, session_id: int) -> list[str] | None:
    """Take the app in use once it shows a right code; `None` for a wrong one.

    Answers fresh recovery codes, to be shown once, unless earlier ones still hold. As the
    first second factor it ends every session but that one.
    """
    with transaction() as session:
        row = session.scalar(sa.select(Totp).where(Totp.user_id == user.id).with_for_update())
        if row is None or row.confirmed_at:
            raise Conflict("There is no authenticator app being set up.")
        step = _step_of(row, code)
        if step is None:
            return None
        if not keyring_of(user.id).has_second_factor:
            end_sessions(user.id, but=session_id)
        row.confirmed_at = clock.now()
        row.last_counter = step
        tell(user, "factor.app-added", "An authenticator app was added as your second factor.")
        return [] if codes_left(user.id) else _renew(user)


def remove_app(user: User) -> None:
    """Take the app out of use; removing it twice changes nothing."""
    with transaction() as session:
        row = session.scalar(sa.select(Totp).where(Totp.user_id == user.id))
        if row is None:
            return
        was_in_use = row.confirmed_at is not None
        session.delete(row)
        session.flush()
        if was_in_use:
            tell(user, "factor.app-removed", "Your authenticator app was removed.")
            drop_idle_codes(user)


def renew_codes(user: User) -> list[str]:
    """Ten fresh recovery codes, to be shown once; earlier ones are void."""
    with transaction():
        codes = _renew(user)
        tell(user, "factor.codes-renewed", "New recovery codes were made; the old ones are void.")
        return codes


def spend_code(user: User, typed: str) -> bool:
    """Whether this is a code of the app or one of the recovery codes, which is then spent.

    Raises `TooMany` after too many wrong ones, however many browsers they come from.
    """
    doors = [factor_door(user.id)]
    try_doors(doors)
    with transaction():
        if not (_spend_app_code(user, typed) or _spend_recovery_code(user, typed)):
            return False
        clear_doors(doors)
        return True


def drop_idle_codes(user: User) -> None:
    """Forget the recovery codes of a person without a factor they could stand in for."""
    with transaction() as session:
        is_needed = session.scalar(sa.select(Totp.id).where(Totp.user_id == user.id)) or (
            session.scalar(sa.select(Passkey.id).where(Passkey.user_id == user.id).limit(1))
        )
        if not is_needed:
            session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def reset_second_factor(user: User, *, by: int) -> None:
    """Take every factor from a person who lost them; the owner does this, face to face."""
    with transaction() as session:
        for table in (Totp, Passkey, RecoveryCode):
            session.execute(sa.delete(table).where(table.user_id == user.id))
        tell(
            user,
            "factor.reset",
            "The owner of the site removed your second factor, as you asked.",
            actor_id=by,
        )


def _spend_app_code(user: User, typed: str) -> bool:
    with transaction() as session:
        row = session.scalar(
            sa.select(Totp)
            .where(Totp.user_id == user.id, Totp.confirmed_at.is_not(None))
            .with_for_update()
        )
        step = _step_of(row, typed) if row else None
        if row is None or step is None:
            return False
        row.last_counter = step
        return True


def _spend_recovery_code(user: User, typed: str) -> bool:
    hashed = recovery.code_hash(typed)
    if hashed is None:
        return False
    with transaction() as session:
        spent = session.scalars(
            sa.update(RecoveryCode)
            .where(
                RecoveryCode.user_id == user.id,
                RecoveryCode.code_hash == hashed,
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=clock.now())
            .returning(RecoveryCode.id)
        ).all()
        if not spent:
            return False
        left = codes_left(user.id)
        tell(user, "factor.code-spent", f"A recovery code was used; {left} of them are left.")
        return True


def _step_of(row: Totp, code: str) -> int | None:
    secret = open_for(row, "secret", purpose="sign-in")
    return totp.matching_step(secret, code, clock.now(), row.last_counter)


def _renew(user: User) -> list[str]:
    codes = recovery.new_codes()
    with transaction() as session:
        session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        session.add_all(
            RecoveryCode(user_id=user.id, code_hash=recovery.code_hash(code)) for code in codes
        )
    return codes
