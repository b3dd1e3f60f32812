"""Telling people with an account of a version that matters, before it holds and once each."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import User
from app.core import clock
from app.core.database import transaction
from app.core.errors import Missing
from app.core.mail import enqueue

from .models import PolicyNotice, PolicyOpening, PolicyVersion
from .queries import HOME, editions, pending_versions, seen_by
from .words import plain_day

BATCH = 50
MAIL = "policy/changed"


def send_notices() -> int:
    """Write to everybody who was not told yet of a version to come; how many that were.

    A mail and its line in the ledger are one transaction, so a run that is killed is finished
    by the next one, and nobody is written to twice.
    """
    told = 0
    for version in pending_versions():
        if version.is_material and version.number > 1:
            while count := _tell_some(version.number):
                told += count
    return told


def open_changes(user_id: int) -> tuple[int, int]:
    """Note that an account has opened what is new; the versions to compare.

    Raises `Missing` where no version was ever published.
    """
    last = max((each.number for each in editions()), default=0)
    if not last:
        raise Missing
    seen = max(seen_by(user_id), 1)
    with transaction() as session:
        row = session.scalar(sa.select(PolicyOpening).where(PolicyOpening.user_id == user_id))
        row = row or PolicyOpening(user_id=user_id)
        row.number, row.opened_at = last, clock.now()
        session.add(row)
    return min(seen, last), last


def _tell_some(number: int) -> int:
    with transaction() as session:
        version = session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == number))
        if version is None:
            return 0
        people = _untold(session, number)
        for user in people:
            enqueue(
                MAIL,
                to=(user, "email"),
                gives_way=True,
                username=user.username,
                day=plain_day(version.effective_from),
                changes=list(version.changes),
                link_to=f"{HOME}changes/{number - 1}..{number}/",
            )
            session.add(PolicyNotice(number=number, user_id=user.id, noted_at=clock.now()))
        return len(people)


def _untold(session: Session, number: int) -> list[User]:
    told = sa.select(PolicyNotice.user_id).where(PolicyNotice.number == number)
    rows = (
        sa.select(User)
        .where(User.email_proved_at.is_not(None), User.closed_at.is_(None), User.id.not_in(told))
        .order_by(User.id)
        .limit(BATCH)
    )
    return list(session.scalars(rows))
