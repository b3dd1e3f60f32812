"""Everything that is held about a person, with its purpose, its basis, and when it goes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import db

from ..audit import AuditDetail, AuditLink
from ..belonging import Link, key_of_table, personal_columns
from ..columns import BLOG_ADMINS, Explanation, Personal
from ..reveal import REASONS
from ..sealed import Sealed
from ..vault import Unreadable, open_sealed
from .people import Person, rows_of, uids_of

_UNREADABLE = "it can no longer be read: its key was destroyed, as it was due to be"
_HASHED = "it is kept in a form that nobody can read"
LOOK = "look"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One value that is held; or that one is held, where `withheld` says why it is not shown."""

    name: str
    value: Any = field(repr=False)
    declared: Personal
    ends_at: datetime | None
    withheld: str | None

    @property
    def sentence(self) -> str:
        """Who sees it, how long it is kept, and why."""
        return str(Explanation(self.declared))


@dataclass(frozen=True, kw_only=True)
class HeldRow:
    """One row, as far as it is the person's; `number` names it within its table."""

    table: str
    number: int
    came_at: datetime | None
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A look that somebody took. It says what they were, never who."""

    at: datetime
    field: str
    blog_id: int | None
    purpose: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Collected:
    """All rows about one person, table by table, and who looked at them."""

    rows: tuple[HeldRow, ...]
    looks: tuple[Seen, ...]

    def by_table(self) -> dict[str, list[HeldRow]]:
        """The rows of each table that has any, in the order of their numbers."""
        found: dict[str, list[HeldRow]] = {}
        for row in self.rows:
            found.setdefault(row.table, []).append(row)
        return found


def collect(person: Person) -> Collected:
    """Everything that is held about a person; of rows shared with others, their own part alone."""
    found: dict[tuple[str, int], HeldRow] = {}
    for model, link, keys in rows_of(person):
        for row in _held(model.__table__, link, keys):
            place = (row.table, row.number)
            known = found.get(place)
            found[place] = _joined(known, row) if known else row
    return Collected(rows=tuple(found.values()), looks=tuple(looks_at(person)))


def looks_at(person: Person) -> list[Seen]:
    """Who looked at anything about a person, the newest first: what they were, and never who."""
    query = (
        sa.select(AuditLink.at, AuditDetail.field, AuditDetail.blog_id, AuditDetail.reason)
        .join(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(AuditLink.kind == LOOK, AuditDetail.subject_uid.in_(uids_of(person)))
        .order_by(AuditLink.id.desc())
    )
    return [
        Seen(
            at=row.at,
            field=row.field or "",
            blog_id=row.blog_id,
            purpose=_purpose(row.reason),
            role=BLOG_ADMINS.value,
        )
        for row in db.session.execute(query)
    ]


def _held(table: Any, link: Link, keys: sa.Select[Any]) -> Iterator[HeldRow]:
    covered = personal_columns(table, link)
    key = key_of_table(table)
    query = sa.select(table).where(key.in_(keys)).order_by(key)
    for row in db.session.execute(query).mappings():
        items = tuple(
            _item(row, name, declared)
            for name, declared in covered.items()
            if row[name] is not None and row[name] != ""
        )
        if items:
            came_at = row.get(link.since or "created_at")
            yield HeldRow(table=table.name, number=row[key.name], came_at=came_at, items=items)


def _item(row: Any, name: str, declared: Personal) -> Item:
    value, withheld = row[name], declared.withheld
    if withheld is None and isinstance(value, Sealed):
        try:
            value = open_sealed(declared, row["uid"], value)
        except Unreadable:
            withheld = _UNREADABLE
    elif withheld is None and isinstance(value, bytes):
        withheld = _HASHED
    return Item(
        name=declared.export_as or name,
        value=None if withheld else value,
        declared=declared,
        ends_at=_end_of(row, declared),
        withheld=withheld,
    )


def _end_of(row: Any, declared: Personal) -> datetime | None:
    """The day it goes, where the row itself says so: not where a later one lets it begin anew."""
    if declared.ends:
        return row.get(declared.ends)
    period, since = declared.period(), row.get(declared.clock)
    if period is None or since is None or declared.renewed_by:
        return None
    moment: datetime = since + period
    return moment


def _joined(one: HeldRow, other: HeldRow) -> HeldRow:
    names = {item.name for item in one.items}
    more = tuple(item for item in other.items if item.name not in names)
    return HeldRow(
        table=one.table, number=one.number, came_at=one.came_at, items=(*one.items, *more)
    )


def _purpose(reason: str | None) -> str:
    return REASONS.get((reason or "").partition(":")[0], "a purpose no longer on record")
