"""How retention stood when it was last counted, kept so that no page has to count."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction

from .columns import not_personal


class Counted(Protocol):
    """What is known of one thing that has a period."""

    @property
    def name(self) -> str: ...
    @property
    def held(self) -> int: ...
    @property
    def due(self) -> int: ...
    @property
    def late(self) -> int: ...
    @property
    def is_surprising(self) -> bool: ...


class RetentionCount(Model):
    """One thing that has a period: how much of it there was, and what the last run took."""

    __tablename__ = "retention_counts"

    name: Mapped[str] = not_personal("a table and its column", sa.String(120), unique=True)
    held: Mapped[int] = not_personal("a count")
    due: Mapped[int] = not_personal("a count")
    late: Mapped[int] = not_personal("a count")
    #: So much was due at once that it was left alone.
    waits: Mapped[bool] = not_personal("state of a run", default=False)
    counted_at: Mapped[datetime] = not_personal("when it was counted", UtcDateTime)
    erased: Mapped[int] = not_personal("a count", default=0)
    ran_at: Mapped[datetime | None] = not_personal("when it was last run", UtcDateTime)


def keep_counts(counts: Iterable[Counted], erased: Mapping[str, int] | None = None) -> None:
    """Keep what was counted in place of what was kept before, and what a run took, if one ran."""
    at = clock.now()
    with transaction() as session:
        known = {row.name: row for row in session.scalars(sa.select(RetentionCount))}
        for each in counts:
            row = known.pop(each.name, None) or RetentionCount(name=each.name, erased=0)
            session.add(row)
            row.held, row.due, row.late = each.held, each.due, each.late
            row.waits, row.counted_at = each.is_surprising, at
            if erased is not None:
                row.erased, row.ran_at = erased.get(each.name, 0), at
        for row in known.values():
            session.delete(row)


def kept_counts() -> list[RetentionCount]:
    """What was counted last, by name; one statement."""
    return list(db.session.scalars(sa.select(RetentionCount).order_by(RetentionCount.name)))


def retention_lines() -> Iterator[str]:
    """What was counted last, for `/metrics`."""
    for row in kept_counts():
        label = f'{{column="{row.name}"}}'
        yield f"clientflow_retention_held{label} {row.held}"
        yield f"clientflow_retention_due{label} {row.due}"
        yield f"clientflow_retention_overdue{label} {row.late}"
