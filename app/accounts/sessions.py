"""Sessions: rows on the server, so that ending one works at once."""

import logging
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import seal
from app.core.tokens import new_token

from .entries import Session, SessionState
from .factors import KnownDevice
from .models import User
from .permissions import SignedIn
from .places import Place
from .queries import factors_of, known_device, person_of, session_of, viewer_for

LONGEST = timedelta(hours=12)
LONGEST_STAY = timedelta(days=30)
#: A person has this long to show the second factor.
LONGEST_PENDING = timedelta(minutes=10)
#: Last use is written down no more often than this.
TOUCH_EVERY = timedelta(minutes=10)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """What the browser is given: the cookie of its session, and what it shows next."""

    token: str
    stays: bool
    #: The second factor is still to be shown.
    is_pending: bool
    #: A cookie that will be recognised at the next sign-in; `None` when it has one already.
    device_token: str | None = None
    #: Nobody signed in to this account from this browser before.
    is_new_device: bool = False


def begin_session(user: User, place: Place, *, stays: bool = False) -> Entry:
    """Sign a person in whose first factor was right. Call inside a transaction.

    With a second factor on the account, the session is pending until `finish_log_in`.
    """
    is_pending = bool(factors_of(user))
    at, token = clock.now(), new_token()
    row = Session(
        token_hash=token.hash,
        user_id=user.id,
        state=SessionState.PENDING,
        created_at=at,
        used_at=at,
        stays=stays,
        expires_at=at + LONGEST_PENDING,
        device=place.device,
        ip=seal(place.ip) if place.ip else None,
    )
    db.session.add(row)
    db.session.flush()
    if is_pending:
        return Entry(token.text, stays=False, is_pending=True)
    return finish_log_in(row, place)


def finish_log_in(row: Session, place: Place) -> Entry:
    """Open a session whose factors were all right, under a new token. Call inside a transaction."""
    at, token = clock.now(), new_token()
    row.token_hash = token.hash
    row.state = SessionState.OPEN
    row.used_at = row.confirmed_at = at
    row.expires_at = at + (LONGEST_STAY if row.stays else LONGEST)
    device = known_device(row.user_id, place.device_token)
    db.session.execute(sa.update(User).where(User.id == row.user_id).values(last_seen_at=at))
    if device is not None:
        device.used_at = at
        return Entry(token.text, row.stays, is_pending=False)
    fresh = new_token()
    db.session.add(KnownDevice(user_id=row.user_id, token_hash=fresh.hash, used_at=at))
    return Entry(
        token.text, row.stays, is_pending=False, device_token=fresh.text, is_new_device=True
    )


def confirm_session(session_id: int) -> Entry:
    """Note that the person proved again to be there; the session gets a new token."""
    with transaction() as session:
        row = session.get_one(Session, session_id)
        token = new_token()
        row.token_hash = token.hash
        row.confirmed_at = clock.now()
        return Entry(token.text, row.stays, is_pending=False)


def load_viewer(token: str) -> SignedIn | None:
    """The person behind a session cookie; `None` when it is over or still pending."""
    entered = person_of(token)
    if entered is None:
        return None
    row, user = entered
    if row.state is not SessionState.OPEN or is_idle(row) or not user.is_open:
        return None
    found = viewer_for(user, row)
    if clock.now() - row.used_at > TOUCH_EVERY:
        _touch(row.id)
    return found


def pending_session(token: str) -> Session | None:
    """The session that waits for its second factor, or `None`."""
    row = session_of(token)
    return row if row is not None and row.state is SessionState.PENDING else None


def is_idle(row: Session) -> bool:
    """Whether a session lay unused for longer than the site allows."""
    hours: int = current_app.config["IDLE_SIGN_IN_HOURS"]
    return hours > 0 and clock.now() - row.used_at > timedelta(hours=hours)


def end_session(session_id: int, user_id: int) -> None:
    """End one of a person's sessions; one that is over, or another's, stays as it is."""
    with transaction() as session:
        session.execute(
            sa.delete(Session).where(Session.id == session_id, Session.user_id == user_id)
        )


def end_sessions(user_id: int, *, but: int | None = None) -> None:
    """End all of a person's sessions, except perhaps the one at work."""
    with transaction() as session:
        session.execute(
            sa.delete(Session).where(Session.user_id == user_id, Session.id != (but or 0))
        )


def end_sessions_elsewhere(user_id: int, token_hash: bytes) -> None:
    """End all of a person's sessions, except the one of that token. Inside a transaction."""
    db.session.execute(
        sa.delete(Session).where(Session.user_id == user_id, Session.token_hash != token_hash)
    )


def _touch(session_id: int) -> None:
    try:
        with transaction() as session:
            session.execute(
                sa.update(Session).where(Session.id == session_id).values(used_at=clock.now())
            )
    except sa.exc.OperationalError:
        # The page can be shown all the same; the next one will write it down.
        log.warning("last use of a session was not noted")
