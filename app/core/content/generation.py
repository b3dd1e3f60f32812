"""A number that moves whenever content does, so that what hangs on content alone is made once.

It is read at the beginning of a request, from the same snapshot as everything after
it, and written in the same transaction as the change it tells of. The site's settings,
which every page needs, ride on the same row: both cost one statement.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Mapped, Session

from app.core.database import Model, db
from app.core.privacy import not_personal


class ContentState(Model):
    """How often content has changed, and what the site's settings file says; one row."""

    __tablename__ = "content_state"

    generation: Mapped[int] = not_personal("number of changes", default=0)
    #: The generation up to which lists were put in order; behind it after an interruption.
    settled: Mapped[int] = not_personal("number of changes", default=0)
    settings: Mapped[str | None] = not_personal("the site's settings file", sa.Text)


_STATE = sa.select(ContentState.generation, ContentState.settings).limit(1)


def current_generation() -> int:
    """The generation this request sees."""
    return _state()[0]


def site_settings() -> str | None:
    """The settings as `keep_settings` stored them, or `None` before it ever did."""
    return _state()[1]


def keep_settings(session: Session, settings: str) -> None:
    """Store the site's settings in place of the ones before."""
    _row(session).settings = settings


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


def _state() -> tuple[int, str | None]:
    if "content_state" not in g:
        row = db.session.execute(_STATE).first()
        g.content_state = (row.generation, row.settings) if row else (0, None)
    return g.content_state


def _row(session: Session) -> ContentState:
    row = session.scalar(sa.select(ContentState).limit(1))
    if row is None:
        row = ContentState(generation=0, settled=0)
        session.add(row)
        session.flush()
    # What this process read before the change is no longer so.
    g.pop("content_state", None)
    return row
