"""Passkeys as use cases: make one, use one, remove one. Each challenge is answered once.

A challenge belongs to one browser: to its session, or before there is one to a cookie
that lives as long as the challenge does. It is taken before its answer is judged, so
that a wrong answer spends it too.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict, Missing

from . import ceremonies
from .ceremonies import Assertion, CeremonyRefused, KnownKey, NewKey, Party
from .entering import note_entry
from .factors import Challenge, Passkey
from .keyring import keyring_of
from .models import User
from .notices import tell
from .places import Place
from .queries import IS_OPEN, open_account
from .second_factor import drop_idle_codes
from .sessions import (
    Entry,
    begin_session,
    end_sessions_elsewhere,
    finish_log_in,
    pending_session,
)

CHALLENGE_LIFE = timedelta(minutes=5)
MOST_PASSKEYS = 20
SIGN_IN, REGISTER = "sign-in", "register"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Browser:
    """Which browser a ceremony is held with, and whom it is about if that is known."""

    binding: bytes
    user_id: int | None = None


def ask_to_register(party: Party, browser: Browser, user: User) -> str:
    """The options for making a passkey, as JSON. Raises `Conflict` when there are too many."""
    known = _credential_ids(user.id)
    if len(known) >= MOST_PASSKEYS:
        raise Conflict(f"An account holds at most {MOST_PASSKEYS} passkeys; remove one first.")
    return ceremonies.registration_options(
        party,
        handle=user.uid.bytes,
        username=user.username,
        challenge=_new_challenge(browser, REGISTER),
        known=known,
    )


def ask_to_sign_in(party: Party, browser: Browser) -> str:
    """The options for using a passkey: one of the person's own, or whichever the browser has."""
    allowed = _credential_ids(browser.user_id) if browser.user_id else []
    return ceremonies.request_options(
        party, challenge=_new_challenge(browser, SIGN_IN), allowed=allowed
    )


def register(party: Party, browser: Browser, user: User, answer: str, label: str) -> bool:
    """Keep the passkey a browser has made; false, and nothing kept, unless its answer holds.

    As the first second factor it ends every session but the one of that browser.
    """
    try:
        challenge = _take_challenge(browser, REGISTER)
        made = ceremonies.read_registration(party, answer, challenge)
        with transaction():
            if not keyring_of(user.id).has_second_factor:
                end_sessions_elsewhere(user.id, browser.binding)
            _keep(user, made, label)
    except CeremonyRefused as refused:
        return _note(refused)
    return True


def use(party: Party, browser: Browser, answer: str) -> int | None:
    """The id of the person whose passkey answered; `None` when the answer does not hold.

    Where the browser's person is known, only their own passkeys count.
    """
    try:
        challenge = _take_challenge(browser, SIGN_IN)
        assertion = ceremonies.read_assertion(answer)
        if browser.user_id is None and assertion.handle is None:
            raise CeremonyRefused("the key does not say whose it is")
        return _check(party, browser, assertion, challenge)
    except CeremonyRefused as refused:
        _note(refused)
        return None


def log_in(party: Party, browser: Browser, answer: str, place: Place) -> Entry | None:
    """Sign in with a passkey alone: it is something one has, and it checked who holds it.

    `None` when the answer does not hold.
    """
    user_id = use(party, browser, answer)
    if user_id is None:
        return None
    with transaction():
        user = open_account(user_id)
        row = pending_session(begin_session(user, place).token)
        if row is None:
            raise RuntimeError("a person with a passkey was let in without it")
        entry = finish_log_in(row, place)
        note_entry(user, entry, place)
    return entry


def remove_passkey(user: User, passkey_id: int) -> None:
    """Forget one of the person's passkeys. Raises `Missing` for anybody else's."""
    with transaction() as session:
        passkey = session.scalar(
            sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
        )
        if passkey is None:
            raise Missing
        session.delete(passkey)
        session.flush()
        tell(user, "factor.passkey-removed", "A passkey was removed from your account.")
        drop_idle_codes(user)


def own_passkey(user_id: int, passkey_id: int) -> Passkey:
    """One of the person's passkeys. Raises `Missing` for anybody else's."""
    passkey = db.session.scalar(
        sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id)
    )
    if passkey is None:
        raise Missing
    return passkey


def _keep(user: User, made: NewKey, label: str) -> None:
    with transaction() as session:
        session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
        if len(_credential_ids(user.id)) >= MOST_PASSKEYS:
            raise CeremonyRefused("too many passkeys")
        if session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
            raise CeremonyRefused("this key is on record already")
        session.add(
            Passkey(
                user_id=user.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                is_synced=made.is_synced,
                label=label,
            )
        )
        tell(user, "factor.passkey-added", "A passkey was added to your account.")


def _check(party: Party, browser: Browser, assertion: Assertion, challenge: bytes) -> int:
    with transaction() as session:
        found = session.execute(
            sa.select(Passkey, User.uid)
            .join(User, User.id == Passkey.user_id)
            .where(Passkey.credential_id == assertion.credential_id, IS_OPEN)
            .with_for_update(of=Passkey)
        ).one_or_none()
        if found is None or browser.user_id not in (None, found.Passkey.user_id):
            raise CeremonyRefused("no such key here")
        key = found.Passkey
        known = KnownKey(
            key.credential_id, key.public_key, key.sign_count, key.is_synced, found.uid.bytes
        )
        key.sign_count = ceremonies.check_assertion(party, assertion, challenge, known)
        key.used_at = clock.now()
        owner: int = key.user_id
        return owner


def _note(refused: CeremonyRefused) -> bool:
    """Log which rule said no; the person is told nothing that would help to pass it."""
    log.info("passkey refused", extra={"rule": str(refused)[:80]})
    return False


def _credential_ids(user_id: int) -> list[bytes]:
    found = sa.select(Passkey.credential_id).where(Passkey.user_id == user_id)
    return list(db.session.scalars(found.order_by(Passkey.id)))


def _new_challenge(browser: Browser, purpose: str) -> bytes:
    at = clock.now()
    value = ceremonies.new_challenge()
    with transaction() as session:
        session.execute(sa.delete(Challenge).where(Challenge.expires_at <= at))
        session.add(
            Challenge(
                value=value,
                purpose=purpose,
                binding=browser.binding,
                user_id=browser.user_id,
                expires_at=at + CHALLENGE_LIFE,
            )
        )
    return value


def _take_challenge(browser: Browser, purpose: str) -> bytes:
    """The newest challenge given to this browser; it and all older ones are gone afterwards."""
    with transaction() as session:
        mine = session.scalars(
            sa.select(Challenge)
            .where(Challenge.binding == browser.binding, Challenge.purpose == purpose)
            .order_by(Challenge.id.desc())
            .with_for_update()
        ).all()
        fresh = [
            row.value
            for row in mine
            if row.expires_at > clock.now() and row.user_id == browser.user_id
        ]
        for row in mine:
            session.delete(row)
    if not fresh:
        raise CeremonyRefused("no challenge is open for this browser")
    return fresh[0]
