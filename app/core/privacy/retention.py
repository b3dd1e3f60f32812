"""Erasing what is past its declared time: walks the declarations, so it cannot forget a column."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction
from app.core.registry import Period, registry

from .audit import record
from .chain import verify
from .columns import Entry
from .heads import chain_problem
from .periods import goes, holds, is_over, table_of, timed, what_is_left
from .standing import keep_counts
from .subjects.scrubbing import scrub

log = logging.getLogger(__name__)

BATCH = 1_000
#: A run that would take more than this share of a column's values waits for a person: the
#: clock may be wrong, or a period mistyped. Few values are no share worth asking about.
MOST_AT_ONCE = 0.05
FEW = 100
#: The job runs several times a day: what is here a day after its time was forgotten.
GRACE = timedelta(days=1)
#: A broken chain is evidence: nothing of what it is about is forgotten.
EVIDENCE = frozenset({"audit_details", "looks"})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How much of something that has a period is held, is due, and was forgotten."""

    name: str
    held: int
    due: int
    #: Of what is due: what should have gone a day ago.
    late: int
    #: How much of it a run erased.
    erased: int = 0

    @property
    def is_surprising(self) -> bool:
        """Whether so much is due at once that a person should look first."""
        return self.due > max(FEW, self.held * MOST_AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class Due(Standing):
    """A column that declares a period."""

    entry: Entry


@dataclass(frozen=True, kw_only=True)
class DueRows(Standing):
    """Rows that go as a whole, by a rule that no column can declare."""

    period: Period


def overdue(at: datetime | None = None) -> list[Due]:
    """Every column that has a period, and how much of it is due; a statement for each table."""
    at = at or clock.now()
    return [due for _table, own in groupby(timed(), key=table_of) for due in _count([*own], at)]


def standing(at: datetime | None = None) -> list[Due | DueRows]:
    """Everything that has a period: columns first, then rows that go as a whole."""
    at = at or clock.now()
    rows = [_count_rows(period, at) for period in registry().every("periods")]
    return [*overdue(at), *rows]


def sweep(*, even_if_surprising: bool = False) -> list[Due | DueRows]:
    """Erase what is due, in batches; what was found to be due beforehand, and what of it went.

    Where more than a twentieth is due at once it is left alone and logged, unless the caller
    says that this is meant. The bytes go, too. It may be killed at any moment, and running it
    twice changes nothing.
    """
    found: list[Due | DueRows] = []
    is_whole = cache(lambda: not (chain_problem() or verify().bad))
    for due in standing():
        if not due.due or (_is_evidence(due) and not is_whole()):
            continue
        if due.is_surprising and not even_if_surprising:
            log.error("more is due for erasure than expected", extra={"column": due.name})
            found.append(due)
            continue
        found.append(replace(due, erased=_end(due)))
    if any(due.erased for due in found):
        scrub()
    keep_counts(standing(), {due.name: due.erased for due in found})
    return found


def _count(entries: list[Entry], at: datetime) -> Iterator[Due]:
    """The columns of one table."""
    counts = [
        sa.func.count().filter(each)
        for entry in entries
        for each in (
            holds(entry),
            sa.and_(holds(entry), is_over(entry, at)),
            sa.and_(holds(entry), is_over(entry, at - GRACE)),
        )
    ]
    row = list(db.session.execute(sa.select(*counts).select_from(table_of(entries[0]))).one())
    for place, entry in enumerate(entries):
        held, due, late = row[3 * place : 3 * place + 3]
        name = f"{entry.table}.{entry.column}"
        yield Due(name=name, held=held, due=due, late=late, entry=entry)


def _count_rows(period: Period, at: datetime) -> DueRows:
    (held, due), (_then, late) = period.count(at), period.count(at - GRACE)
    return DueRows(name=period.name, held=held, due=due, late=late, period=period)


def _is_evidence(due: Due | DueRows) -> bool:
    return isinstance(due, Due) and due.entry.table in EVIDENCE


def _end(due: Due | DueRows) -> int:
    """Erase what is due of one thing; how much went."""
    return _erase(due.entry) if isinstance(due, Due) else due.period.end()


def _erase(entry: Entry) -> int:
    """Erase batch after batch, each in a transaction of its own; the last one is on record."""
    erased, last, at = 0, 0, clock.now()
    while True:
        with transaction() as session:
            ids = _erase_batch(session, entry, last, at)
            erased += len(ids)
            if erased and len(ids) < BATCH:
                name = f"{entry.table}.{entry.column}"
                record("retention", session, field=name[:80], facts={"erased": erased})
        if len(ids) < BATCH:
            return erased
        last = ids[-1]


def _erase_batch(session: Session, entry: Entry, after: int, at: datetime) -> list[int]:
    """Erase the next values after a row; the numbers of their rows."""
    table = table_of(entry)
    key = table.primary_key.columns[0]
    some = sa.select(key).where(key > after, goes(entry, at)).order_by(key).limit(BATCH)
    ids = list(session.scalars(some))
    if entry.declared.on_expiry == "delete_row":
        session.execute(sa.delete(table).where(key.in_(ids)))
    elif ids:
        session.execute(sa.update(table).where(key.in_(ids)).values(what_is_left(entry)))
    return ids
