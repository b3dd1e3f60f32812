"""Jobs: each turn is one worker's, a fault is one job's, and a changed clock stops none."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import jobs
from app.core.database import db, transaction
from app.core.registry import Job

pytestmark = pytest.mark.database

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets the clock, in minutes after the start."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr("app.core.clock.now", lambda: START + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock


@pytest.fixture
def ran(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs what is due of these jobs and answers how many that was."""

    def run(*every: Job) -> int:
        monkeypatch.setattr(jobs, "registry", lambda: _Registry(every))
        with app.app_context():
            return jobs.run_due()

    return run


class _Registry:
    def __init__(self, every: Any) -> None:
        self.jobs = every

    def every(self, _slot: str) -> Any:
        return self.jobs


def job(run: Any = lambda: None, name: str = "weeding", **facts: Any) -> Job:
    """A job of every ten minutes."""
    return Job(name=name, every=timedelta(minutes=10), run=run, **facts)


def test_a_new_job_is_due_at_once(at: Any, ran: Any) -> None:
    assert ran(job()) == 1


@pytest.mark.parametrize(("minutes", "runs"), [(0, 0), (9.9, 0), (10, 1), (500, 1)])
def test_a_job_is_due_when_its_time_is_over(at: Any, ran: Any, minutes: float, runs: int) -> None:
    ran(job())
    at(minutes)
    assert ran(job()) == runs


def test_a_job_that_fails_stops_no_other_and_is_tried_again(at: Any, ran: Any) -> None:
    def fail() -> None:
        raise RuntimeError

    assert ran(job(fail), job(name="watering")) == 2
    at(10)
    assert ran(job(fail), job(name="watering")) == 2


def test_failures_are_counted_until_a_run_succeeds(app: Flask, at: Any, ran: Any) -> None:
    def fail() -> None:
        raise RuntimeError

    counts = []
    for minutes, run in ((0, fail), (10, fail), (20, lambda: None)):
        at(minutes)
        ran(job(run))
        with app.app_context():
            counts.append(db.session.scalar(sa.select(jobs.JobTurn.failures)))
    assert counts == [1, 2, 0]


def test_a_clock_that_was_ahead_keeps_no_job_waiting(at: Any, ran: Any) -> None:
    at(1_000_000)
    ran(job())
    at(0)
    assert ran(job()) == 1


def test_a_shorter_rhythm_begins_at_once(app: Flask, at: Any, ran: Any) -> None:
    quick = job(every_in_development=timedelta(seconds=1))
    ran(quick)
    app.config["DEVELOPMENT"] = True
    at(0.1)
    assert ran(quick) == 1


def test_work_on_a_machines_own_files_has_turns_on_each(
    at: Any, ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = job(on_every_machine=True)
    for name in ("one", "two"):
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        assert [ran(everywhere, job(name="watering")) for _round in range(2)] == [
            2 if name == "one" else 1,
            0,
        ]


def test_a_turn_another_worker_wrote_first_is_not_ours(
    at: Any, ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten(_session: Any, _job: Job) -> bool:
        raise sa.exc.IntegrityError("INSERT", {}, Exception())

    monkeypatch.setattr(jobs, "_claim", beaten)
    assert ran(job()) == 0


def test_a_turn_is_one_workers_only(app: Flask, at: Any, ran: Any) -> None:
    ran(job())
    at(10)
    with app.app_context(), transaction() as session:
        assert jobs._claim(session, job())
    assert ran(job()) == 0


def test_the_loop_ends_when_it_is_told_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(jobs, "registry", lambda: _Registry((job(stop.set),)))
    jobs.run_forever(app, stop)
    assert stop.is_set()
