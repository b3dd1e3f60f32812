"""Accounts that nobody signs in to: their person is told a month ahead, then they are closed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.mail import enqueue
from app.core.privacy import Look, last_recorded, record

from .closing import CLOSED, close_account
from .models import Acceptance, User
from .queries import IS_OPEN

#: How long before its end the person of an account is told, at the least.
TOLD_AHEAD = timedelta(days=30)
BATCH = 100

_IS_NEEDLESS = sa.and_(
    Acceptance.user_id.in_(sa.select(User.id).where(User.closed_at.is_not(None))),
    ~sa.exists().where(Look.agreement_id == Acceptance.id),
)

_SEEN = sa.func.coalesce(User.last_seen_at, User.created_at)
_OWNERS = sa.select(sa.func.count()).where(IS_OPEN, User.is_owner).scalar_subquery()
#: Without its last owner nobody could run the site, nor answer for it.
_MAY_GO = sa.and_(IS_OPEN, sa.or_(~User.is_owner, _OWNERS > 1))
#: Whoever was told before a restore may have signed in since then, which nobody knows any more.
_IS_TOLD = sa.and_(
    sa.func.coalesce(User.warned_at > _SEEN, sa.false()),
    sa.func.coalesce(User.warned_at > last_recorded("backup.restored"), sa.true()),
)


def count_unused(at: datetime) -> tuple[int, int]:
    """How many accounts there are, and how many of them are to be closed by that moment."""
    counts = sa.select(sa.func.count(), sa.func.count().filter(_is_over(at)))
    held, due = db.session.execute(counts.where(IS_OPEN)).one()
    return held, due


def warn_unused() -> int:
    """Tell the person of each account that will be closed unless they sign in; how many were told.

    Each is told once, and again only after they have signed in and stayed away anew.
    """
    told = 0
    while batch := _warn_batch():
        told += batch
    return told


def close_unused() -> int:
    """Close accounts whose person was told and stayed away; how many."""
    due = sa.select(User.id).where(_is_over(clock.now())).order_by(User.id)
    closed = 0
    for user_id in db.session.scalars(due).all():
        with transaction() as session:
            # Since we looked, they may have signed in, or the other owner may have gone.
            if session.scalar(due.where(User.id == user_id).with_for_update()) is None:
                continue
            close_account(user_id, forgets_name=False, is_unused=True)
            closed += 1
    return closed


def count_promises(at: datetime) -> tuple[int, int]:
    """How many promises of confidentiality are kept, and how many of them nothing needs."""
    held = db.session.scalar(sa.select(sa.func.count(Acceptance.id))) or 0
    return held, db.session.scalar(sa.select(sa.func.count(Acceptance.id)).where(_IS_NEEDLESS)) or 0


def forget_promises() -> int:
    """Forget the promises of people who left and whose looks are all forgotten; how many.

    With the last of them goes the name that the audit log knew its person by.
    """
    with transaction() as session:
        needless = session.scalars(sa.select(Acceptance).where(_IS_NEEDLESS)).all()
        for promise in needless:
            session.delete(promise)
        session.flush()
        still = sa.select(Acceptance.id).where(Acceptance.user_id == User.id).exists()
        known = {promise.user_id for promise in needless}
        for user in session.scalars(sa.select(User).where(User.id.in_(known), ~still)):
            user.rename(f"{CLOSED}{user.id}")
    return len(needless)


def _warn_batch() -> int:
    at = clock.now()
    alone = sa.select(User).where(_MAY_GO, at - _kept() + TOLD_AHEAD >= _SEEN, ~_IS_TOLD)
    with transaction() as session:
        users = session.scalars(alone.order_by(User.id).limit(BATCH)).all()
        for user in users:
            user.warned_at = at
            ends = max((user.last_seen_at or user.created_at) + _kept(), at + TOLD_AHEAD)
            enqueue(
                "accounts/unused",
                to=(user, "email"),
                username=user.username,
                ends_on=f"{ends:%-d %B %Y}",
                link="/account/log-in/",
            )
            record("account_warned", session, subject_uid=user.uid)
    return len(users)


def _is_over(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_MAY_GO, at - _kept() >= _SEEN, _IS_TOLD, User.warned_at <= at - TOLD_AHEAD)


def _kept() -> timedelta:
    return timedelta(days=current_app.config["KEEP_UNUSED_ACCOUNT_DAYS"])
