"""The pages of health and of retention: what a job found last, grouped for a person to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from app.core.doctor import StoredFinding, last_look
from app.core.jobs import next_turn
from app.core.privacy import Due, DueRows, RetentionCount, inventory, kept_counts
from app.core.registry import registry

from .words import RETENTION_JOB, held_title, kind_word


@dataclass(frozen=True)
class Machine:
    """What one machine found, in the order of the checks."""

    name: str
    at: datetime
    findings: tuple[StoredFinding, ...]

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return sum(finding.state == "fail" for finding in self.findings)


@dataclass(frozen=True)
class Shelf:
    """Things of one sort that are kept for one time: what a row of the page is about."""

    title: str
    what: str
    lasts: str
    held: int
    due: int
    late: int
    erased: int
    waits: bool

    @property
    def due_share(self) -> float:
        """How much of the bar is due, of a hundred."""
        return _share(self.due, self.held)

    @property
    def late_share(self) -> float:
        """How much of the bar is overdue, of a hundred."""
        return _share(self.late, self.held)


@dataclass(frozen=True)
class Retention:
    """How everything stands that has a period."""

    shelves: tuple[Shelf, ...]
    counted_at: datetime | None
    ran_at: datetime | None
    next_at: datetime | None
    would_go: tuple[tuple[str, int], ...] | None = None

    @property
    def held(self) -> int:
        """How much is held in all."""
        return sum(shelf.held for shelf in self.shelves)

    @property
    def due(self) -> int:
        """How much is due in all."""
        return sum(shelf.due for shelf in self.shelves)

    @property
    def late(self) -> int:
        """How much should have gone a day ago."""
        return sum(shelf.late for shelf in self.shelves)


def health() -> list[Machine]:
    """What each machine found last; one statement."""
    machines = groupby(last_look(), key=lambda finding: finding.machine)
    return [_machine(name, tuple(own)) for name, own in machines]


def retention(counted: Iterable[Due | DueRows] | None = None) -> Retention:
    """How retention stood when it was last counted; two statements.

    With what was just `counted`, also what would go now.
    """
    rows = kept_counts()
    shelves = sorted(_shelves(rows), key=lambda shelf: (-shelf.late, -shelf.due, shelf.title))
    would_go = None
    if counted is not None:
        would_go = tuple((due.name, due.due) for due in counted if due.due)
    return Retention(
        tuple(shelves),
        max((row.counted_at for row in rows), default=None),
        max((row.ran_at for row in rows if row.ran_at), default=None),
        next_turn(RETENTION_JOB),
        would_go,
    )


def _machine(name: str, findings: tuple[StoredFinding, ...]) -> Machine:
    return Machine(name, max(finding.at for finding in findings), findings)


def _shelves(rows: Iterable[RetentionCount]) -> Iterator[Shelf]:
    """Columns of one table that are kept for one time belong together."""
    known = {row.name: row for row in rows}
    columns = [
        (entry.table, period, entry.declared.since or "", entry)
        for entry in inventory()
        if (period := entry.declared.period()) and f"{entry.table}.{entry.column}" in known
    ]
    for (table, lasts, since), own in groupby(sorted(columns, key=_sort), key=lambda c: c[:3]):
        entries = [column[3] for column in own]
        kinds = ", ".join(dict.fromkeys(kind_word(entry.declared.kind) for entry in entries))
        counts = [known[f"{entry.table}.{entry.column}"] for entry in entries]
        yield _shelf(held_title(table), kinds, f"{_lasting(lasts)} {since}".strip(), counts)
    for period in registry().every("periods"):
        if period.name in known:
            lasts = _lasting(period.lasts())
            yield _shelf(period.title, "whole rows", lasts, [known[period.name]])


def _sort(column: tuple[str, timedelta, str, object]) -> tuple[str, timedelta, str]:
    return column[:3]


def _shelf(title: str, what: str, lasts: str, counts: list[RetentionCount]) -> Shelf:
    held, due, late, erased = (
        sum(getattr(row, name) for row in counts) for name in ("held", "due", "late", "erased")
    )
    return Shelf(title, what, lasts, held, due, late, erased, any(row.waits for row in counts))


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _lasting(period: timedelta) -> str:
    if period < timedelta(hours=1):
        return f"{period // timedelta(minutes=1)} minutes"
    if period < timedelta(days=3):
        return f"{period // timedelta(hours=1)} hours"
    return f"{period.days:,} days"
