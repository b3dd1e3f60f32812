"""When a declared period is over for a row, and what is left of the column then."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.database import Model, UtcDateTime, is_sqlite

from .columns import Entry, Lookup, Personal, inventory

Condition = sa.ColumnElement[bool]


def timed() -> Iterator[Entry]:
    """Every column whose declaration says after which time its values go."""
    for entry in inventory():
        if entry.declared.period() is not None and entry.declared.on_expiry != "keep":
            yield entry


def table_of(entry: Entry) -> sa.Table:
    """The table that a column belongs to."""
    return Model.metadata.tables[entry.table]


def is_over(entry: Entry, at: datetime) -> Condition:
    """The condition that the time of a row's value is over at that moment."""
    table, told = table_of(entry), entry.declared
    if told.ends:
        # Fixed when the row was written; the database refuses to let go of it by its own clock.
        return _moment(table, told.ends, lambda end: sa.and_(end <= at, end <= _database_now()))
    limit = at - (told.period() or timedelta.max)
    over = _moment(table, told.clock, lambda begun: begun <= limit)
    return sa.and_(over, ~_begun_anew(table, told, limit)) if told.renewed_by else over


def holds(entry: Entry) -> Condition:
    """The condition that there is something in the column that its end takes away."""
    column = table_of(entry).columns[entry.column]
    there = column.is_not(None)
    if entry.declared.on_expiry == "coarsen":
        return sa.and_(there, column != _day(column))
    if entry.declared.on_expiry == "tombstone":
        return there if column.nullable else column != ""
    return there


def goes(entry: Entry, at: datetime) -> Condition:
    """The condition that a row is to be touched; one that goes as a whole goes with any value."""
    rows_go = entry.declared.on_expiry == "delete_row" and _has_one_end(entry)
    return is_over(entry, at) if rows_go else sa.and_(holds(entry), is_over(entry, at))


def what_is_left(entry: Entry) -> dict[str, Any]:
    """What the column holds after its end, and the keyed hashes it could be found by."""
    table = table_of(entry)
    column = table.columns[entry.column]
    if entry.declared.on_expiry == "coarsen":
        return {entry.column: _day(column)}
    emptied = None if column.nullable else ""
    return {entry.column: emptied, **dict.fromkeys(_hashes_of(table, entry.column))}


def _hashes_of(table: sa.Table, column: str) -> list[str]:
    declared = {each.name: each.info.get("privacy") for each in table.columns}
    return [
        name for name, told in declared.items() if isinstance(told, Lookup) and told.of == column
    ]


def _has_one_end(entry: Entry) -> bool:
    """Whether every column of the table that makes its row go does so at the same moment."""
    ends = {
        (told.ends, told.clock, told.keep)
        for column in table_of(entry).columns
        if isinstance(told := column.info.get("privacy"), Personal)
        and told.on_expiry == "delete_row"
        and told.keep is not None
    }
    return len(ends) == 1


def _moment(
    table: sa.Table, name: str, condition: Callable[[sa.ColumnElement[Any]], Condition]
) -> Condition:
    """A condition on a moment of the row itself, or of the row of another table it belongs to."""
    if "." not in name:
        return condition(table.columns[name])
    other, column = name.split(".")
    key = next(key for key in table.foreign_keys if key.column.table.name == other)
    belongs = key.parent == key.column
    moment = key.column.table.columns[column]
    return sa.exists().where(belongs, condition(moment)).correlate(table)


def _begun_anew(table: sa.Table, told: Personal, limit: datetime) -> Condition:
    """The condition that a later row of the same kind has let the period begin again."""
    shared, once = told.renewed_by or ("", "")
    later = table.alias("later")
    return (
        sa.exists()
        .where(
            later.columns[shared] == table.columns[shared],
            later.columns[told.clock] > limit,
            later.columns[once].is_not(None),
        )
        .correlate(table)
    )


def _database_now() -> sa.ColumnElement[Any]:
    if is_sqlite():
        return sa.func.strftime("%Y-%m-%d %H:%M:%f", "now", type_=sa.String)
    return sa.func.clock_timestamp()


def _day(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The same moment, no finer than its day."""
    if is_sqlite():
        return sa.func.strftime("%Y-%m-%d 00:00:00.000000", column, type_=UtcDateTime)
    return sa.func.date_trunc("day", column, "UTC", type_=UtcDateTime)
