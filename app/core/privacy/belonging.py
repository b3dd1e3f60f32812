"""Whose a row is: said beside the columns of its model, in `__belongs__`.

Whoever opens a mailbox can ask about what was left with its address. A row belongs to them by
that address, by their account, or as a part of another row of theirs. A link may cover some of
the row's columns `only`: two people can meet in one row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database import Model

from .columns import Lookup, Personal

#: Accounts, named by their table as foreign keys are; a proved address there is one account.
ACCOUNTS = "users"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One way by which rows of a table belong to a person."""

    column: str
    #: The personal columns it covers; all of them when none is named.
    only: tuple[str, ...] = ()
    #: When a row came; what came after an erasure is left alone when that is repeated.
    since: str | None = None
    #: Gone by itself soon: no reason to tell somebody that something is held about them.
    is_passing: bool = False


@dataclass(frozen=True, kw_only=True)
class ByEmail(Link):
    """Whose address is sealed in the column, found by the keyed hash beside it."""


@dataclass(frozen=True, kw_only=True)
class ByAccount(Link):
    """Whose account has the number in the column."""


@dataclass(frozen=True, kw_only=True)
class ByParent(Link):
    """Whose the row of another table is, of which the column has the number."""

    parent: str


@dataclass(frozen=True, kw_only=True)
class ByUid(Link):
    """Whose the row is, in whatever table, of which the column has the random name."""


@dataclass(frozen=True)
class OfNobody:
    """Rows about people who cannot be told from others by a mailbox, and why that is so."""

    why: str


Belonging = Link | OfNobody


def by_email(
    column: str, *, only: tuple[str, ...] = (), since: str = "created_at", is_passing: bool = False
) -> Link:
    """The row belongs to whoever opens the mailbox of a sealed address."""
    return ByEmail(column=column, only=only, since=since, is_passing=is_passing)


def by_account(column: str, *, only: tuple[str, ...] = ()) -> Link:
    """The row belongs to the person of an account."""
    return ByAccount(column=column, only=only)


def by_parent(column: str, parent: str, *, only: tuple[str, ...] = ()) -> Link:
    """The row belongs to whoever the row of the table `parent` belongs to."""
    return ByParent(column=column, parent=parent, only=only)


def by_uid(column: str, *, only: tuple[str, ...] = ()) -> Link:
    """The row belongs to whoever the row with that random name belongs to, in any table."""
    return ByUid(column=column, only=only)


def of_nobody(why: str) -> OfNobody:
    """Nobody can ask for the row by a mailbox, and why. Raises `ValueError` without a reason."""
    if not why:
        raise ValueError("rows that belong to nobody say why")
    return OfNobody(why)


def belonging_of(model: Any) -> tuple[Belonging, ...]:
    """What a mapped class says of its rows."""
    said = getattr(model, "__belongs__", ())
    return said if isinstance(said, tuple) else (said,)


def linked_models() -> Iterator[tuple[Any, tuple[Link, ...]]]:
    """Each mapped class whose rows belong to people, with its links, table by table."""
    by_table = {mapper.class_.__table__: mapper.class_ for mapper in Model.registry.mappers}
    for table in Model.metadata.sorted_tables:
        said = belonging_of(by_table[table]) if table in by_table else ()
        links = tuple(link for link in said if isinstance(link, Link))
        if links:
            yield by_table[table], links


def personal_columns(table: Any, link: Link) -> dict[str, Personal]:
    """What a link covers in its table: each column with its declaration."""
    found = {column.name: column.info.get("privacy") for column in table.columns}
    return {
        name: declared
        for name, declared in found.items()
        if isinstance(declared, Personal) and (not link.only or name in link.only)
    }


def lookup_columns(table: Any, name: str) -> list[Any]:
    """The keyed hashes beside a sealed column."""
    return [
        column
        for column in table.columns
        if isinstance(column.info.get("privacy"), Lookup) and column.info["privacy"].of == name
    ]


def unlinked() -> list[str]:
    """Personal columns of which nothing says whose they are; there are none, and a test says so."""
    found = []
    for mapper in Model.registry.mappers:
        table: Any = mapper.class_.__table__
        said = belonging_of(mapper.class_)
        if any(isinstance(each, OfNobody) for each in said):
            continue
        links = [link for link in said if isinstance(link, Link)]
        covered = {name for link in links for name in personal_columns(table, link)}
        everything = personal_columns(table, Link(column=""))
        found += [f"{table.name}.{name}" for name in everything if name not in covered]
    return sorted(found)


def bad_links() -> list[str]:
    """Links that name what their table does not have; there are none, and a test says so."""
    found = []
    for model, links in linked_models():
        table = model.__table__
        for link in links:
            names = {link.column, *link.only, *([link.since] if link.since else [])}
            is_found = not isinstance(link, ByEmail) or lookup_columns(table, link.column)
            is_led = not isinstance(link, ByParent) or link.parent in Model.metadata.tables
            if names - set(table.columns.keys()) or not is_found or not is_led:
                found.append(f"{table.name}: {link}")
    return found


def key_of_table(table: Any) -> sa.Column[Any]:
    """The one column by which a row is named to the database."""
    return table.primary_key.columns[0]
