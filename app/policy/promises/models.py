"""What is promised, as the content file says it, and what the last check of each promise found."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


class PromiseList(Model):
    """The promises and the clauses without one, as read from their file; there is one row."""

    __tablename__ = "promise_lists"

    #: [{id, clauses, sentence, mechanism, modules, tests}]
    promises: Mapped[Any] = not_personal("sentences of the site's own policy", sa.JSON)
    #: [{clause, why}]
    unguarded: Mapped[Any] = not_personal("sentences about the site's own policy", sa.JSON)


class PromiseResult(Model):
    """How one promise stood when it was last checked."""

    __tablename__ = "promise_results"

    promise: Mapped[str] = not_personal("id of a promise", sa.String(80), unique=True)
    checked_at: Mapped[datetime] = not_personal("when it was checked", UtcDateTime)
    figure: Mapped[str] = not_personal("counts and periods, never about one person", sa.String(300))
    problem: Mapped[str | None] = not_personal("what a check found wrong", sa.String(300))
    #: Since when it fails without a break.
    failing_since: Mapped[datetime | None] = not_personal("when it first failed", UtcDateTime)
