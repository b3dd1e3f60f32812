"""Correcting the name that somebody gave with what they said, wherever it stands."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.core.database import db, transaction

from ..audit import record
from ..belonging import key_of_table, personal_columns
from ..columns import Personal
from .people import Person, rows_of


def names_of(person: Person) -> list[str]:
    """The names that a person gave here and that can be corrected together."""
    found: set[str] = set()
    for table, column, keys in _columns(person):
        query = sa.select(column).where(key_of_table(table).in_(keys), column.is_not(None))
        found.update(name for name in db.session.scalars(query.distinct()) if name)
    return sorted(found)


def correct(person: Person, *, name: str) -> int:
    """Put a name in place of every one that a person gave; of how many rows it was another.

    Doing it again changes nothing. A name that is changed elsewhere, as that of an account is,
    stays as it is there.
    """
    changed = 0
    with transaction() as session:
        for table, column, keys in _columns(person):
            theirs = key_of_table(table).in_(keys)
            fitting = name[: column.type.length] if getattr(column.type, "length", None) else name
            done: Any = session.execute(
                sa.update(table)
                .where(theirs, column.is_not(None), column != fitting)
                .values({column: fitting})
            )
            changed += done.rowcount
        if changed:
            session.expire_all()
            record("correction", session, facts={"rows": changed})
    return changed


def _columns(person: Person) -> Iterator[tuple[Any, Any, Any]]:
    """Each column with such a name, and the rows of it that are a person's."""
    for model, link, keys in rows_of(person):
        table = model.__table__
        for name, declared in personal_columns(table, link).items():
            if _is_given_name(declared):
                yield table, table.c[name], keys


def _is_given_name(declared: Personal) -> bool:
    is_name = declared.kind == "name" and declared.seal is None and declared.source == "given"
    return is_name and declared.corrected_at is None and declared.on_erasure != "keep"
