"""What is promised and how it stands, from two rows of rows: the list and the results."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import db

from .models import PromiseList, PromiseResult
from .reading import Promise

#: The job that checks runs every day; a result this old says that nobody runs it.
STALE = timedelta(days=3)


@dataclass(frozen=True)
class Kept:
    """A promise, and how it stood when it was last checked; `checked_at` may be `None`."""

    promise: Promise
    checked_at: datetime | None = None
    figure: str = ""
    problem: str | None = None
    failing_since: datetime | None = None

    @property
    def is_kept(self) -> bool:
        """Whether a check of late found nothing wrong."""
        return self.checked_at is not None and self.problem is None


def kept_promises() -> tuple[Kept, ...]:
    """Every promise in the order of the file; two statements.

    A result that is too old to mean anything counts as a problem, and says so.
    """
    row = db.session.scalar(sa.select(PromiseList))
    if row is None:
        return ()
    results = {result.promise: result for result in db.session.scalars(sa.select(PromiseResult))}
    return tuple(
        _kept(promise, results.get(promise.id)) for promise in map(Promise.stored, row.promises)
    )


def unguarded_clauses() -> tuple[tuple[int, str], ...]:
    """Clauses that no promise guards, and why."""
    row = db.session.scalar(sa.select(PromiseList))
    return tuple((entry["clause"], entry["why"]) for entry in row.unguarded) if row else ()


def broken_promises() -> tuple[Kept, ...]:
    """Those whose last check found something, or is too long ago."""
    return tuple(kept for kept in kept_promises() if kept.problem)


def kept_by_clause() -> dict[int, tuple[Kept, ...]]:
    """For each clause of the policy the promises that stand behind it."""
    found: dict[int, list[Kept]] = {}
    for kept in kept_promises():
        for clause in kept.promise.clauses:
            found.setdefault(clause, []).append(kept)
    return {clause: tuple(promises) for clause, promises in found.items()}


def _kept(promise: Promise, result: PromiseResult | None) -> Kept:
    if result is None:
        return Kept(promise)
    problem = result.problem
    if problem is None and result.checked_at < clock.now() - STALE:
        problem = "The last check is too long ago to say anything about today."
    return Kept(promise, result.checked_at, result.figure, problem, result.failing_since)
