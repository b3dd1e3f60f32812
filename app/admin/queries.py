"""What those who keep the site may know of its machinery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.content import problem_count, problems
from app.core.database import db
from app.core.doctor import KeptFinding
from app.core.jobs import late_jobs
from app.core.mail import MailState, OutgoingMail
from app.core.privacy import RetentionCount, chain_problem

#: Mail that waits longer than this is worth a look at the server.
STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Check:
    """A job that failed or is late, as a person reads it."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Machinery:
    """Mails that are written and not sent yet, those nobody got, and files nobody can use."""

    waiting: int
    oldest: datetime | None
    given_up: int
    bad_files: int

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


def machinery() -> Machinery:
    """How the machinery is, in one statement."""
    waits = OutgoingMail.state.in_((MailState.WAITING, MailState.SENDING))
    is_given_up = OutgoingMail.state == MailState.GIVEN_UP
    found = sa.select(
        sa.func.count().filter(waits),
        sa.func.min(OutgoingMail.created_at).filter(waits),
        sa.func.count().filter(is_given_up),
        problem_count(),
    )
    return Machinery(*db.session.execute(found.where(sa.or_(waits, is_given_up))).one())


@dataclass(frozen=True)
class Upkeep:
    """How retention and health stood when they were last looked at."""

    due: int
    late: int
    failed: int


def upkeep() -> Upkeep:
    """What is due and overdue, and which checks failed, in one statement."""
    failed = sa.select(sa.func.count(KeptFinding.id)).where(KeptFinding.state == "fail")
    counts = sa.select(
        sa.func.coalesce(sa.func.sum(RetentionCount.due), 0),
        sa.func.coalesce(sa.func.sum(RetentionCount.late), 0),
        failed.scalar_subquery(),
    )
    return Upkeep(*map(int, db.session.execute(counts).one()))


def failing_checks() -> list[Check]:
    """What the last check of the audit chain found, and jobs that failed or that nobody runs."""
    broken = chain_problem()
    found = [Check("audit chain", broken)] if broken else []
    return found + [Check(job.name, job.sentence) for job in late_jobs()]


def content_problems() -> list[ContentProblem]:
    """Files of the content folder that cannot be used, and why."""
    return [ContentProblem(row.path, row.problem_line, row.problem or "") for row in problems()]
