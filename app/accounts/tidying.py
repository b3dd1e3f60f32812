"""What is cleared away by itself."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction

from .entries import Link, Session, Throttle
from .factors import Challenge, KnownDevice
from .links import LIFE, Purpose
from .models import User

#: A known device is forgotten when its cookie is.
LONGEST_UNSEEN = timedelta(days=180)


def tidy() -> None:
    """Remove what is over: sessions, links, counts, devices, and accounts nobody opened.

    Addresses of sign-ins and unproved new addresses go by their own declarations.
    """
    at = clock.now()
    with transaction() as session:
        session.execute(sa.delete(Link).where(Link.expires_at < at))
        session.execute(sa.delete(KnownDevice).where(KnownDevice.used_at < at - LONGEST_UNSEEN))
        session.execute(sa.delete(Throttle).where(Throttle.forgotten_at < at))
        session.execute(sa.delete(Challenge).where(Challenge.expires_at < at))
    forget_sessions()
    forget_unproved()


def count_sessions(at: datetime) -> tuple[int, int]:
    """How many sign-ins there are, and how many of them are over by that moment."""
    return _count(Session.expires_at < at)


def forget_sessions() -> int:
    """Remove sign-ins that are over; how many."""
    return _forget(Session, Session.expires_at < clock.now())


def count_unproved(at: datetime) -> tuple[int, int]:
    """How many accounts were only asked for, and for how many of them the link is over."""
    return _count(_was_not_opened(at), User.email_proved_at.is_(None))


def forget_unproved() -> int:
    """Remove accounts whose link was not opened in its time; how many."""
    return _forget(User, _was_not_opened(clock.now()))


def _was_not_opened(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(User.email_proved_at.is_(None), User.created_at < at - LIFE[Purpose.SIGN_UP])


def _count(is_over: sa.ColumnElement[bool], *held: sa.ColumnElement[bool]) -> tuple[int, int]:
    counts = sa.select(sa.func.count(), sa.func.count().filter(is_over)).where(*held)
    found, due = db.session.execute(counts).one()
    return found, due


def _forget(model: type[Session | User], is_over: sa.ColumnElement[bool]) -> int:
    with transaction() as session:
        gone = session.execute(sa.delete(model).where(is_over))
    return gone.rowcount  # type: ignore[attr-defined]
