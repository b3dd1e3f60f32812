"""How answers stand: for those who keep the site, the doctor, and readers of the promises.

All of it is counts. Nobody can see here who asked for what.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.privacy import Viewer
from app.core.slots import Check, Figure, Finding, Outcome

from .links import HOME
from .models import MonthTotal, Request
from .totals import this_month

#: What the page promises to whoever asks.
ANSWERED_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Waiting:
    """What was asked and is not answered."""

    count: int
    oldest_at: datetime | None
    done_this_month: int

    @property
    def is_late(self) -> bool:
        """Whether somebody waits longer than was promised."""
        return self.oldest_at is not None and clock.now() - self.oldest_at > ANSWERED_WITHIN


def waiting() -> Waiting:
    """The requests that wait, and how much was done; one statement."""
    done = sa.select(sa.func.sum(MonthTotal.count)).where(MonthTotal.month == this_month())
    query = sa.select(
        sa.func.count(Request.id), sa.func.min(Request.created_at), done.scalar_subquery()
    )
    count, oldest_at, used = db.session.execute(query).one()
    return Waiting(count, oldest_at, used or 0)


def figures(viewer: Viewer) -> list[Figure]:
    """For owners: what waits, if it waits for too long, and how often people helped themselves."""
    if not viewer.has_right("own"):
        return []
    found = waiting()
    late = [Figure("data requests wait", found.count, HOME, is_alarm=True)]
    used = Figure("data rights used this month", found.done_this_month, HOME)
    return [*(late if found.is_late else ()), used]


def everybody_is_answered() -> Outcome:
    """Nobody waits longer for an answer about their data than the page says."""
    found = waiting()
    if found.is_late:
        return Outcome(problem="A request has waited for longer than 15 minutes.")
    told = "1 request waits" if found.count == 1 else f"{found.count or 'No'} requests wait"
    return Outcome(f"{told} for an answer.")


def _requests() -> Finding:
    found = waiting()
    if not found.is_late:
        return Finding("ok", "Requests of people about their data are answered in time.")
    return Finding(
        "fail",
        f"{found.count} requests of people about their data wait, the oldest for too long.",
        "See that `flask jobs run --forever` is at work; it logs what it could not answer.",
    )


CHECKS = (Check("data requests", _requests),)
