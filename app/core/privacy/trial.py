"""Whether sealed values open, found out by opening some: a copy that nobody can read is none."""

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database import Model, db

from .columns import Entry, inventory
from .vault import KeyGone, Tampered, open_sealed


@dataclass(frozen=True)
class Trial:
    """How many values opened, how many are past their key, and the columns of damaged ones."""

    opened: int
    gone: int
    damaged: tuple[str, ...]


def try_opening(most: int) -> Trial:
    """Open sealed values of rows chosen at random, at most that many; none leaves this function."""
    entries = [entry for entry in inventory() if entry.declared.seal]
    each = max(1, most // max(1, len(entries)))
    opened = gone = 0
    damaged: list[str] = []
    for entry in entries:
        for uid, value in _some(entry, each):
            try:
                open_sealed(entry.declared, uid, value)
                opened += 1
            except KeyGone:
                gone += 1
            except Tampered:
                damaged.append(f"{entry.table}.{entry.column}")
    return Trial(opened, gone, tuple(sorted(set(damaged))))


def _some(entry: Entry, most: int) -> list[Any]:
    """A few rows that have a value: the first ones from random places on."""
    table = Model.metadata.tables[entry.table]
    last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
    query = sa.select(table.c.id, table.c.uid, table.c[entry.column]).where(
        table.c[entry.column].is_not(None)
    )
    found: dict[int, Any] = {}
    for _ in range(most if last > most else 1):
        start = secrets.randbelow(last + 1) if last > most else 0
        rows = query.where(table.c.id >= start).order_by(table.c.id)
        for row in db.session.execute(rows.limit(1 if last > most else most)):
            found[row.id] = (row.uid, row[2])
    return list(found.values())
