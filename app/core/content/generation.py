"""A number that moves whenever content does, so that what hangs on content alone is made once.

It is read at the beginning of a request, from the same snapshot as everything after
it, and written in the same transaction as the change it tells of. What every page needs
rides along, so that all of it costs one statement: the site's settings, what features note,
and the rows of one small table when they may be others than this process knows.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import Mapped, Session

from app.core.database import Model, db
from app.core.privacy import not_personal
from app.core.registry import registry


class ContentState(Model):
    """How often content has changed, and what the site's settings file says; one row."""

    __tablename__ = "content_state"

    generation: Mapped[int] = not_personal("number of changes", default=0)
    #: The generation up to which lists were put in order; behind it after an interruption.
    settled: Mapped[int] = not_personal("number of changes", default=0)
    settings: Mapped[str | None] = not_personal("the site's settings file", sa.Text)
    #: JSON, by the name under which a feature keeps what every page needs of it.
    notes: Mapped[str | None] = not_personal("what every page needs of a feature", sa.Text)


@dataclass(frozen=True)
class _Known:
    """What a request knows of the content; its rows may be from an earlier request."""

    generation: int
    settings: str | None
    notes: str | None
    rows: tuple[Any, ...]


_NOTHING = _Known(-1, None, None, ())


def current_generation() -> int:
    """The generation this request sees."""
    return _state().generation


def site_settings() -> str | None:
    """The settings as `keep_settings` stored them, or `None` before it ever did."""
    return _state().settings


def note_of(name: str) -> Any:
    """What was noted under that name by `keep_note`, or `None`."""
    return json.loads(_state().notes or "{}").get(name)


def content_rows() -> tuple[Any, ...]:
    """The rows of the table that rides along, in no order; they belong to no session."""
    return _state().rows


def keep_settings(session: Session, settings: str) -> None:
    """Store the site's settings in place of the ones before."""
    _row(session).settings = settings


def keep_note(session: Session, name: str, value: Any) -> None:
    """Note what every page needs of a feature, little and made of what JSON has."""
    row = _row(session)
    row.notes = json.dumps(json.loads(row.notes or "{}") | {name: value})


def bump_generation(session: Session) -> None:
    """Tell that content changes with this transaction."""
    _row(session).generation += 1


def is_settled(session: Session) -> bool:
    """Whether nothing changed since lists were put in order."""
    row = _row(session)
    return row.settled == row.generation


def mark_settled(session: Session) -> None:
    """Tell that lists are in order, which is a change of its own."""
    row = _row(session)
    row.generation += 1
    row.settled = row.generation


class ContentCache:
    """Values that hang on content alone, kept in this process for one generation."""

    def __init__(self) -> None:
        self.kept: tuple[int, dict[str, Any]] = (-1, {})

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """The value of that name as of the request's generation."""
        generation = current_generation()
        number, values = self.kept
        if number != generation:
            values = {}
            # One assignment, so that no thread meets one generation's number with another's values.
            self.kept = (generation, values)
        if name not in values:
            values[name] = make()
        return values[name]


def _state() -> _Known:
    if "content_state" not in g:
        g.content_state = _read(current_app.extensions.get("content", _NOTHING))
        current_app.extensions["content"] = g.content_state
    return g.content_state


def _read(kept: _Known) -> _Known:
    """What is known now; rows are read only when they may be others than those that were kept."""
    table = next(registry().every("content_rows"), None)
    found = db.session.execute(_statement(table), {"known": kept.generation}).all()
    if found and found[0][0] == kept.generation:
        return replace(kept, settings=found[0][1], notes=found[0][2])
    rows = [row[3:] for row in found if row[3:] and row[3] is not None]
    if table is not None and not found:
        rows = [tuple(row) for row in db.session.execute(sa.select(*table.__table__.columns))]
    generation, settings, notes = found[0][:3] if found else (0, None, None)
    # Objects of nobody's session: they outlive the request that read them.
    return _Known(generation, settings, notes, tuple(_object(table, row) for row in rows))


@cache
def _statement(table: Any) -> Any:
    kept: Any = ContentState.__table__
    state = (kept.c.generation, kept.c.settings, kept.c.notes)
    if table is None:
        return sa.select(*state).limit(1)
    columns = table.__table__.columns
    is_new = kept.c.generation != sa.bindparam("known", type_=sa.Integer())
    return sa.select(*state, *columns).outerjoin_from(kept, table.__table__, is_new)


def _object(table: Any, row: tuple[Any, ...]) -> Any:
    return table(**dict(zip(table.__table__.columns.keys(), row, strict=True)))


def _row(session: Session) -> ContentState:
    row = session.scalar(sa.select(ContentState).limit(1))
    if row is None:
        row = ContentState(generation=0, settled=0)
        session.add(row)
        session.flush()
    # What this process read before the change is no longer so.
    g.pop("content_state", None)
    return row
