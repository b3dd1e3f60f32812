"""What those who keep the site may know of its machinery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.content import problems
from app.core.database import db
from app.core.jobs import JobTurn, seconds_between
from app.core.mail import MailState, OutgoingMail
from app.core.registry import registry

#: A job this much later than it was due says that nobody runs the jobs.
LATE = timedelta(minutes=10)
#: Mail that waits longer than this is worth a look at the server.
STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Check:
    """A job that failed or is late, as a person reads it."""

    name: str
    sentence: str


@dataclass(frozen=True)
class MailAtWork:
    """The mails that are written and not sent yet, and those that nobody got."""

    waiting: int
    oldest: datetime | None
    given_up: int

    @property
    def is_stuck(self) -> bool:
        """Whether one waits for longer than a server is usually away."""
        return self.oldest is not None and self.oldest < clock.now() - STUCK


@dataclass(frozen=True)
class ContentProblem:
    """A file of the content folder that cannot be used."""

    path: str
    line: int | None
    sentence: str


def mail_at_work() -> MailAtWork:
    """How many mails are on their way, and since when the oldest is."""
    waits = OutgoingMail.state.in_((MailState.WAITING, MailState.SENDING))
    is_given_up = OutgoingMail.state == MailState.GIVEN_UP
    found = sa.select(
        sa.func.count().filter(waits),
        sa.func.min(OutgoingMail.created_at).filter(waits),
        sa.func.count().filter(is_given_up),
    )
    return MailAtWork(*db.session.execute(found.where(sa.or_(waits, is_given_up))).one())


def failing_checks() -> list[Check]:
    """Jobs that failed at their last turn, or that nobody runs."""
    at = clock.now()
    turns = {turn.name: turn for turn in db.session.scalars(sa.select(JobTurn))}
    found: list[Check] = []
    for job in registry().every("jobs"):
        turn = turns.get(job.name)
        if turn is None:
            found.append(Check(job.name, "has not run yet"))
        elif turn.failures:
            times = "once" if turn.failures == 1 else f"{turn.failures} times in a row"
            found.append(Check(job.name, f"failed {times}; the log says why"))
        elif turn.due_at < at - LATE - timedelta(seconds=seconds_between(job)):
            found.append(Check(job.name, "is late: is `flask jobs run --forever` at work?"))
    return found


def content_problems() -> list[ContentProblem]:
    """Files of the content folder that cannot be used, and why."""
    return [ContentProblem(row.path, row.problem_line, row.problem or "") for row in problems()]
