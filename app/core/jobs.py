"""Work that repeats: a table of when each job is due, and the loop that runs it.

Several workers may run at once; each turn of a job is claimed by one of them, or by one on
each machine.
"""

import logging
import socket
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction
from app.core.privacy import not_personal
from app.core.registry import Job, registry

log = logging.getLogger(__name__)

LONGEST_NAP = 10.0
#: A job this much later than it was due says that nobody runs the jobs.
LATE = timedelta(minutes=10)


class JobTurn(Model):
    """When a job ran last, how that ended, and when it is due again."""

    __tablename__ = "job_turns"

    name: Mapped[str] = not_personal("name of a job", sa.String(80), unique=True)
    due_at: Mapped[datetime] = not_personal("when a job is due", UtcDateTime)
    started_at: Mapped[datetime | None] = not_personal("when a job ran", UtcDateTime)
    finished_at: Mapped[datetime | None] = not_personal("when a job ran", UtcDateTime)
    failures: Mapped[int] = not_personal("number of failures", default=0)


@dataclass(frozen=True)
class LateJob:
    """A job that failed or was not run, and in words what is wrong."""

    name: str
    sentence: str


def run_due() -> int:
    """Run each job that is due, one after the other; how many were run.

    A job that fails is logged and runs again at its next turn.
    """
    return sum(_take_turn(job) for job in registry().every("jobs"))


def run_forever(app: Flask, stop: threading.Event) -> None:
    """Run due jobs until `stop` is set."""
    while not stop.is_set():
        with app.app_context():
            try:
                run_due()
            except sa.exc.SQLAlchemyError:
                # The database is away; the next round finds it back.
                log.exception("jobs cannot be claimed")
            nap = min(seconds_between(job) for job in registry().every("jobs"))
        stop.wait(min(nap, LONGEST_NAP))


def seconds_between(job: Job) -> float:
    """How often a job runs here, in seconds."""
    return _rhythm(job).total_seconds()


def turn_name(job: Job) -> str:
    """The name that turns of the job have on this machine."""
    return f"{job.name} on {socket.gethostname()}"[:80] if job.on_every_machine else job.name


def late_jobs() -> list[LateJob]:
    """Every job that failed last time, or that nobody ran when it was due."""
    at = clock.now()
    turns = {turn.name: turn for turn in db.session.scalars(sa.select(JobTurn))}
    found = []
    for job in registry().every("jobs"):
        turn = turns.get(turn_name(job))
        if turn is None:
            found.append(LateJob(job.name, "has not run yet"))
        elif turn.failures:
            times = "once" if turn.failures == 1 else f"{turn.failures} times in a row"
            found.append(LateJob(job.name, f"failed {times}; the log says why"))
        elif turn.due_at < at - LATE - _rhythm(job):
            found.append(LateJob(job.name, "is late: is `flask jobs run --forever` at work?"))
    return found


def next_turn(name: str) -> datetime | None:
    """When a job is due again; `None` when it has never run."""
    return db.session.scalar(sa.select(JobTurn.due_at).where(JobTurn.name == name))


def _rhythm(job: Job) -> timedelta:
    if current_app.config["DEVELOPMENT"] and job.every_in_development:
        return job.every_in_development
    return job.every


def _take_turn(job: Job) -> bool:
    try:
        with transaction() as session:
            if not _claim(session, job):
                return False
    except sa.exc.IntegrityError:
        # Another worker wrote the job's first turn at the same moment.
        return False
    failed = 0
    try:
        job.run()
    except Exception:  # One job's fault must not stop the others.
        log.exception("job failed", extra={"job": job.name})
        failed = 1
    with transaction() as session:
        session.execute(
            sa.update(JobTurn)
            .where(JobTurn.name == turn_name(job))
            .values(finished_at=clock.now(), failures=JobTurn.failures + 1 if failed else 0)
        )
    return True


def _claim(session: Session, job: Job) -> bool:
    """Whether this worker has the turn; the row lock makes it one worker's only."""
    at, name = clock.now(), turn_name(job)
    rhythm = _rhythm(job)
    row = session.scalar(
        sa.select(JobTurn).where(JobTurn.name == name).with_for_update(skip_locked=True)
    )
    if row is None:
        exists = session.scalar(sa.select(JobTurn.id).where(JobTurn.name == name))
        if exists is not None:
            return False
        session.add(JobTurn(name=name, due_at=at + rhythm, started_at=at))
        return True
    # Due further off than ever set: the clock or the rhythm was another one then.
    is_waiting = at < row.due_at <= at + rhythm
    if is_waiting:
        return False
    row.due_at = at + rhythm
    row.started_at = at
    return True
