"""New keys for old without closing the site: what is sealed under an old one is sealed again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import Model, db, transaction

from .columns import Personal
from .keys import ring
from .ring import Ring
from .sealed import Sealed
from .vault import Unreadable, hash_of, key_of, open_sealed, seal_text, siblings


@dataclass(frozen=True)
class SealedColumn:
    """One sealed attribute of a model, with the keyed hashes beside it."""

    model: Any
    attribute: str
    declared: Personal

    @property
    def name(self) -> str:
        """Table and column, for messages."""
        return f"{self.model.__tablename__}.{self.attribute}"

    @property
    def column(self) -> Any:
        """The mapped attribute."""
        return getattr(self.model, self.attribute)

    def under(self, key_id: int) -> sa.ColumnElement[bool]:
        """The condition that a value is sealed under that key."""
        return self._key() == key_id.to_bytes(4, "big")

    def not_under(self, key_id: int) -> sa.ColumnElement[bool]:
        """The condition that a value is sealed under another key."""
        return self._key() != key_id.to_bytes(4, "big")

    def bare_hash(self) -> sa.ColumnElement[bool]:
        """The condition that a keyed hash is left of a value that is not here any more."""
        hashes = [getattr(self.model, name) for name in siblings(self.model, self.attribute)]
        return sa.and_(self.column.is_(None), sa.or_(*(each.is_not(None) for each in hashes)))

    def _key(self) -> Any:
        envelope = sa.type_coerce(self.column, sa.LargeBinary)
        return sa.func.substr(envelope, 2, 4, type_=sa.LargeBinary)


@dataclass
class Resealed:
    """How much was sealed again, and what could not be opened."""

    done: int = 0
    unreadable: int = 0


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column of the product."""
    for mapper in sorted(Model.registry.mappers, key=lambda each: each.class_.__tablename__):
        for entry in mapper.column_attrs:
            declared = entry.columns[0].info.get("privacy")
            if isinstance(declared, Personal) and declared.seal:
                yield SealedColumn(mapper.class_, entry.key, declared)


def rooted_columns() -> Iterator[SealedColumn]:
    """Those sealed under a root; addresses are under the key of their month instead."""
    return (column for column in sealed_columns() if column.declared.kind != "ip")


def uses_of(key_id: int, keys: Ring) -> dict[str, int]:
    """How many values of each column need a root: sealed under it, or found by it alone."""
    found = {}
    for column in rooted_columns():
        needs = column.under(key_id)
        if siblings(column.model, column.attribute) and len(keys.roots) > 1:
            needs = sa.or_(needs, column.bare_hash())
        query = sa.select(sa.func.count()).select_from(column.model).where(needs)
        if number := db.session.scalar(query):
            found[column.name] = number
    return found


def reseal(batch: int) -> Resealed:
    """Seal everything under the current root, a batch in each transaction.

    May be interrupted and repeated, and runs beside readers and writers: a value that
    changes meanwhile is left as the writer wrote it.
    """
    result = Resealed()
    for column in rooted_columns():
        last: int | None = 0
        while last is not None:
            with transaction() as session:
                last = _reseal_batch(session, column, (last, batch), result)
    return result


def _reseal_batch(
    session: Session, column: SealedColumn, place: tuple[int, int], result: Resealed
) -> int | None:
    """Seal the next values after a row; the last row looked at, or `None` at the end."""
    model, (after, batch) = column.model, place
    rows = session.execute(
        sa.select(model.id, model.uid, column.column.label("sealed"))
        .where(model.id > after, column.not_under(ring().current))
        .order_by(model.id)
        .limit(batch)
    ).all()
    for row in rows:
        try:
            text = open_sealed(column.declared, row.uid, row.sealed)
        except Unreadable:
            result.unreadable += 1
            continue
        values = sealed_again(column, row.uid, text)
        # Only what we read: on PostgreSQL somebody may have written since.
        is_same = sa.type_coerce(column.column, sa.LargeBinary) == sa.bindparam(
            "before", row.sealed, type_=column.column.type
        )
        done = session.execute(
            sa.update(model.__table__).where(model.id == row.id, is_same).values(values)
        )
        result.done += done.rowcount  # type: ignore[attr-defined]
    return rows[-1].id if len(rows) == batch else None


def sealed_again(column: SealedColumn, uid: Any, text: str) -> dict[str, Sealed | bytes]:
    """The value and its keyed hashes, all under the current root."""
    sealed = seal_text(column.declared, uid, text)
    values: dict[str, Sealed | bytes] = {column.attribute: sealed}
    for name, lookup in siblings(column.model, column.attribute).items():
        values[name] = hash_of(column.declared, text, is_near=lookup.is_near, key_id=key_of(sealed))
    return values


def give_up(session: Session) -> dict[str, int]:
    """Empty every sealed column whose keys are lost; how many values of each are gone.

    A row that is nothing without its value goes as a whole.
    """
    given_up = {}
    for column in sealed_columns():
        table, had = column.model.__table__, column.column.is_not(None)
        if column.declared.on_expiry == "delete_row" or not column.column.nullable:
            done = session.execute(sa.delete(table).where(had))
        else:
            names = [column.attribute, *siblings(column.model, column.attribute)]
            done = session.execute(sa.update(table).where(had).values(dict.fromkeys(names)))
        if done.rowcount:  # type: ignore[attr-defined]
            given_up[column.name] = done.rowcount  # type: ignore[attr-defined]
    return given_up
