"""Rows of any table, with no more in them than the database asks for."""

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import UtcDateTime
from app.core.privacy.sealed import SealedBytes

#: What a row needs besides, so that the rules of its table allow it and no other takes it first.
NEEDED: dict[str, dict[str, Any]] = {
    "comments": {"state": "shown"},
    "disclosures": {"document_hash": bytes(32)},
}


def plant(session: Session, table: sa.Table, **given: Any) -> int:
    """Insert a row and the rows it belongs to; its number. A sealed column takes any bytes."""
    key = table.primary_key.columns[0]
    values = NEEDED.get(table.name, {}) | given
    for column in table.columns:
        is_numbered = column is key and not column.foreign_keys
        if column.name not in values and not column.nullable and not is_numbered:
            values[column.name] = _value_of(session, column)
    plain = sa.table(table.name, *(sa.column(each.name, _plain(each)) for each in table.columns))
    return int(session.scalars(sa.insert(plain).values(values).returning(plain.c[key.name])).one())


def something_for(column: sa.Column[Any]) -> Any:
    """A value that fits the column; a moment is not over yet."""
    kind = column.type
    fitting: tuple[tuple[Any, Any], ...] = (
        (UtcDateTime, clock.now() + timedelta(hours=1)),
        (sa.Date, clock.now().date()),
        (sa.Enum, getattr(kind, "enums", [""])[0]),
        (sa.Boolean, False),
        (sa.Uuid, uuid.uuid4()),
        (sa.JSON, ["anything"]),
        (sa.LargeBinary | SealedBytes, uuid.uuid4().bytes * 2),
        (sa.String, uuid.uuid4().hex[: getattr(kind, "length", None) or 32]),
    )
    return next((value for type_, value in fitting if isinstance(kind, type_)), 1)


def _value_of(session: Session, column: sa.Column[Any]) -> Any:
    for key in column.foreign_keys:
        return plant(session, key.column.table)
    return something_for(column)


def _plain(column: sa.Column[Any]) -> Any:
    """The type without what our own do on the way in."""
    if isinstance(column.type, sa.Enum):
        return sa.String()
    return sa.LargeBinary() if isinstance(column.type, SealedBytes) else column.type
