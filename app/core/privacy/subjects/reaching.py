"""Reaching the rows of a person, and emptying them as their columns declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..belonging import Link, key_of_table, lookup_columns, personal_columns
from ..columns import Personal
from .people import Person, rows_of

BATCH = 1_000
ANONYMOUS = "Anonymous"
#: What says who somebody is; the rest of what they said can stay without it.
IDENTIFYING = {"email", "ip", "name"}

Place = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows of one table that one link leads to, and the columns that are erased of them."""

    table: Any
    link: Link
    #: Those with a value to erase, and those of which something is kept.
    keys: tuple[int, ...]
    kept: tuple[int, ...]
    columns: dict[str, Personal]


@dataclass(frozen=True)
class Reached:
    """Everything of a person that there is to erase or to keep."""

    parts: tuple[Part, ...] = ()

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to erase."""
        return any(part.keys for part in self.parts)

    def whole(self, table: str) -> list[int]:
        """The rows of a table that are wholly theirs, by their numbers."""
        here = [part for part in self.parts if part.table.name == table and not part.link.only]
        return sorted({key for part in here for key in part.keys})

    def places(self) -> set[Place]:
        """The rows that there is something to erase of."""
        return {(part.table.name, key) for part in self.parts for key in part.keys}

    def tables(self) -> set[str]:
        """Their tables."""
        return {part.table.name for part in self.parts if part.keys}

    def without(self, settled: set[Place]) -> "Reached":
        """The same without rows that are dealt with."""
        return Reached(
            tuple(
                replace(
                    part,
                    keys=tuple(key for key in part.keys if (part.table.name, key) not in settled),
                )
                for part in self.parts
            )
        )


def reach(
    session: Session, person: Person, *, before: datetime | None, is_everything: bool
) -> Reached:
    """The rows of a person with something left to erase, link by link."""
    found = []
    for model, link, keys in rows_of(person, before=before):
        table = model.__table__
        covered = personal_columns(table, link)
        erased = {
            name: declared
            for name, declared in covered.items()
            if declared.on_erasure != "keep" and (is_everything or declared.kind in IDENTIFYING)
        }
        kept = [name for name, declared in covered.items() if declared.on_erasure == "keep"]
        part = Part(
            table=table,
            link=link,
            keys=_with_values(session, table, keys, erased),
            kept=_with_values(session, table, keys, kept),
            columns=erased,
        )
        found.append(part)
    return Reached(tuple(found))


def empty(session: Session, reached: Reached, *, is_everything: bool) -> None:
    """Do to each row what its columns declare. What stands on other rows goes before them."""
    for part in reversed(reached.parts):
        if not part.keys:
            continue
        if any(declared.on_erasure == "delete_row" for declared in part.columns.values()):
            change: Any = sa.delete(part.table)
        else:
            change = sa.update(part.table).values(_emptied(part, is_everything=is_everything))
        key = key_of_table(part.table)
        for some in batches(part.keys):
            session.execute(change.where(key.in_(some)))


def batches(keys: Iterable[int], size: int = BATCH) -> Iterator[list[int]]:
    """The same numbers in lists that a statement can take."""
    every = list(keys)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def _with_values(
    session: Session, table: Any, keys: sa.Select[Any], names: Iterable[str]
) -> tuple[int, ...]:
    """Those of some rows that have a value in any of these columns."""
    is_there = [_has_value(table.c[name]) for name in names]
    if not is_there:
        return ()
    key = key_of_table(table)
    found = sa.select(key).where(key.in_(keys), sa.or_(*is_there)).order_by(key)
    return tuple(session.scalars(found))


def _has_value(column: Any) -> sa.ColumnElement[bool]:
    if isinstance(column.type, sa.String):
        return sa.func.coalesce(column, "") != ""
    if column.nullable:
        return column.is_not(None)
    # A moment that may not be empty says little by itself, and goes with the rest.
    nothing = _nothing(column)
    return sa.false() if nothing is None else column != nothing


def _emptied(part: Part, *, is_everything: bool) -> dict[str, Any]:
    """The columns without what they held, and without what it was found by."""
    values: dict[str, Any] = {}
    for name, declared in part.columns.items():
        column = part.table.c[name]
        if declared.on_erasure == "tombstone" and declared.kind == "name" and not is_everything:
            values[name] = ANONYMOUS
        elif column.nullable:
            values[name] = None
        elif (nothing := _nothing(column)) is not None:
            values[name] = nothing
        values |= {each.name: None for each in lookup_columns(part.table, name)}
    return values


def _nothing(column: Any) -> Any:
    """What an empty value is in a column that must have one; `None` where there is no such."""
    by_type = {sa.String: "", sa.Boolean: False, sa.Integer: 0, sa.LargeBinary: b"", sa.JSON: []}
    return next((no for kind, no in by_type.items() if isinstance(column.type, kind)), None)
