"""Keeping, showing, forgetting and ending receipts."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.config import VERSION
from app.core.database import db, is_sqlite, transaction

from .choices import Choice
from .models import Method, Receipt, ReceiptTotal
from .terms import CURRENT, LIFE

#: Twenty-five months after a choice has ended.
KEEP = timedelta(days=761)
MOST_SHOWN = 50
BATCH = 500

_TOTALS: Any = ReceiptTotal.__table__


def keep_receipt(number: str | None, choice: Choice, *, method: Method, wording_hash: str) -> str:
    """Record a choice and end the one before it; the number to find both by.

    A number that is not known, such as a forged one, is replaced.
    """
    at = clock.now()
    with transaction() as session:
        if not number or not _is_known(session, number):
            number = secrets.token_hex(16)
        session.execute(
            sa.update(Receipt)
            .where(Receipt.number == number, Receipt.ends_at > at)
            .values(ends_at=at)
        )
        session.add(
            Receipt(
                number=number,
                given_at=at,
                ends_at=at + LIFE,
                revision=CURRENT.number,
                preferences=choice.preferences,
                measurement=choice.measurement,
                method=method,
                had_signal=choice.has_signal,
                wording_hash=wording_hash,
                version=VERSION,
            )
        )
    return number


def receipts_of(number: str | None) -> list[Receipt]:
    """The choices under a number, newest first; none for a number that nobody has."""
    if not number:
        return []
    own = sa.select(Receipt).where(Receipt.number == number)
    return list(db.session.scalars(own.order_by(Receipt.id.desc()).limit(MOST_SHOWN)))


def forget_receipts(number: str | None) -> None:
    """Delete what is kept under a number, and keep what was chosen in the totals."""
    with transaction() as session:
        own = sa.select(Receipt).where(Receipt.number == (number or ""))
        _fold(session, session.scalars(own).all())


def end_receipts() -> int:
    """Delete receipts whose choice ended 25 months ago, and keep the totals; how many."""
    ended = 0
    while True:
        with transaction() as session:
            due = sa.select(Receipt).where(Receipt.ends_at <= clock.now() - KEEP).limit(BATCH)
            rows = session.scalars(due).all()
            _fold(session, rows)
        ended += len(rows)
        if len(rows) < BATCH:
            return ended


def _is_known(session: Session, number: str) -> bool:
    return (
        session.scalar(sa.select(Receipt.id).where(Receipt.number == number).limit(1)) is not None
    )


def _fold(session: Session, rows: Iterable[Receipt]) -> None:
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement: Any = insert(_TOTALS)
    statement = statement.on_conflict_do_update(
        index_elements=["month", "revision", "preferences", "measurement"],
        set_={"count": _TOTALS.c.count + 1},
    )
    for row in rows:
        facts = {name: getattr(row, name) for name in ("revision", "preferences", "measurement")}
        month = row.given_at.date().replace(day=1)
        session.execute(statement, facts | {"month": month, "count": 1})
        session.delete(row)
