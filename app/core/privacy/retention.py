"""Erasing what is past its declared time: walks the declarations, so it cannot forget a column."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Model, db, transaction

from .audit import record
from .columns import Entry, Lookup, inventory

log = logging.getLogger(__name__)

BATCH = 1_000
#: A run that would take more than this share of a column's values waits for a person: the
#: clock may be wrong, or a period mistyped. Few values are no share worth asking about.
MOST_AT_ONCE = 0.05
FEW = 100
#: The job runs several times a day: what is here a day after its time was forgotten.
GRACE = timedelta(days=1)

_ACTIONS = ("null", "delete_row")


@dataclass(frozen=True)
class Due:
    """A column whose time is over for some rows."""

    entry: Entry
    held: int
    due: int

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.entry.table}.{self.entry.column}"

    @property
    def is_surprising(self) -> bool:
        """Whether so much is due at once that a person should look first."""
        return self.due > max(FEW, self.held * MOST_AT_ONCE)


def overdue(at: datetime | None = None) -> list[Due]:
    """Each column with a period that counts from its row's clock, and how much of it is due."""
    at = at or clock.now()
    return [_counted(entry, at) for entry in _timed()]


def sweep(*, even_if_surprising: bool = False) -> list[Due]:
    """Erase what is due, in batches; what was found to be due beforehand.

    A column of which more than a twentieth is due at once is left alone and logged,
    unless the caller says that this is meant. Running it twice changes nothing.
    """
    found = [due for due in overdue() if due.due]
    for due in found:
        if due.is_surprising and not even_if_surprising:
            log.error("more is due for erasure than expected", extra={"column": due.name})
            continue
        _erase(due.entry)
    return found


def _timed() -> Iterator[Entry]:
    """The columns whose period can be counted from a moment in the same row."""
    for entry in inventory():
        declared = entry.declared
        if declared.period() is None or declared.on_expiry not in _ACTIONS:
            continue
        if declared.clock in _table(entry).columns:
            yield entry


def _counted(entry: Entry, at: datetime) -> Due:
    column = _table(entry).columns[entry.column]
    counts = sa.select(
        sa.func.count(column),
        sa.func.count(sa.case((_is_over(entry, at), column))),
    )
    held, due = db.session.execute(counts).one()
    return Due(entry, held, due)


def _erase(entry: Entry) -> None:
    erased = 0
    while True:
        with transaction() as session:
            count = _erase_batch(session, entry, clock.now())
            erased += count
            if count == 0:
                break
            if count < BATCH:
                name = f"{entry.table}.{entry.column}"
                record("retention", session, field=name[:80], facts={"erased": erased})
                break


def _erase_batch(session: Session, entry: Entry, at: datetime) -> int:
    table = _table(entry)
    key = table.primary_key.columns[0]
    column = table.columns[entry.column]
    some = sa.select(key).where(column.is_not(None), _is_over(entry, at)).order_by(key)
    ids = list(session.scalars(some.limit(BATCH)))
    if not ids:
        return 0
    if entry.declared.on_expiry == "delete_row":
        session.execute(sa.delete(table).where(key.in_(ids)))
    else:
        session.execute(sa.update(table).where(key.in_(ids)).values(_emptied(entry)))
    return len(ids)


def _emptied(entry: Entry) -> dict[str, Any]:
    """The column and the keyed hashes it can be found by, all without a value."""
    declared = {column.name: column.info.get("privacy") for column in _table(entry).columns}
    siblings = [
        name
        for name, lookup in declared.items()
        if isinstance(lookup, Lookup) and lookup.of == entry.column
    ]
    return dict.fromkeys([entry.column, *siblings])


def _is_over(entry: Entry, at: datetime) -> sa.ColumnElement[bool]:
    period = entry.declared.period() or timedelta.max
    return _table(entry).columns[entry.declared.clock] <= at - period


def _table(entry: Entry) -> sa.Table:
    return Model.metadata.tables[entry.table]
