"""Answering what was asked, by a job: a link to who is known, one short letter to who is not."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, is_sqlite, transaction
from app.core.mail import enqueue
from app.core.privacy import holds_anything, open_for, person_of

from .links import issue_link
from .models import AddressCount, Request
from .wishes import WORDING

log = logging.getLogger(__name__)

MOST_AT_A_TIME = 100
#: Answers to one address in a day, whatever is asked.
MOST_A_DAY = 3
DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: When something went wrong, the same request is tried again after this.
PAUSE = timedelta(minutes=5)


def answer_requests() -> int:
    """Answer what waits, oldest first; how many requests were dealt with.

    One that fails waits a while and keeps no other from its answer.
    """
    waiting = (
        sa.select(Request.id)
        .where(Request.due_at <= clock.now())
        .order_by(Request.id)
        .limit(MOST_AT_A_TIME)
    )
    answered = 0
    for request_id in db.session.scalars(waiting).all():
        try:
            _answer(request_id)
            answered += 1
        except Exception:  # One request's fault must not cost the others theirs.
            log.exception("request not answered", extra={"request": request_id})
            _put_off(request_id)
    return answered


def _answer(request_id: int) -> None:
    with transaction() as session:
        request = session.get(Request, request_id, with_for_update=True)
        if request is None:
            # Another worker was quicker.
            return
        count = _counted(session, request.email_lookup or b"")
        if count.count <= MOST_A_DAY:
            _write(session, request, count)
        session.delete(request)


def _write(session: Session, request: Request, count: AddressCount) -> None:
    email, at = open_for(request, "email", "answer"), clock.now()
    if holds_anything(person_of(email)):
        link = issue_link(session, email, request.wish)
        purpose = WORDING[request.wish].purpose
        enqueue("rights/link", to=(request, "email"), link=link, purpose=purpose)
    elif count.quiet_until is None or count.quiet_until <= at:
        count.quiet_until = at + WEEK
        enqueue("rights/nothing", to=(request, "email"))


def _counted(session: Session, key: bytes) -> AddressCount:
    """The count of an address with this request in it; others with the same address wait."""
    at = clock.now()
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(AddressCount)
    fresh = insert.values(key=key, count=0, until=at + DAY)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
    row = session.scalars(
        sa.select(AddressCount).where(AddressCount.key == key).with_for_update()
    ).one()
    if row.until <= at:
        row.count, row.until = 0, at + DAY
    row.count += 1
    return row


def _put_off(request_id: int) -> None:
    with transaction() as session:
        later: datetime = clock.now() + PAUSE
        session.execute(sa.update(Request).where(Request.id == request_id).values(due_at=later))
