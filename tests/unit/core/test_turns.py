"""Turns to write: each of many comes soon, whichever process it is in."""

import fcntl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.turns import Turns
from tests.server import wait_until


@pytest.fixture
def processes(tmp_path: Path) -> tuple[Turns, Turns]:
    """Two queues before one database, as two processes have them."""
    return Turns(tmp_path / "site.db"), Turns(tmp_path / "site.db")


def started(work: Callable[[], None]) -> threading.Thread:
    """A thread at work."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_who_has_written_waits_for_another_process(processes: tuple[Turns, Turns]) -> None:
    one, other = processes
    order: list[str] = []

    def write(turns: Turns, name: str) -> None:
        with turns.turn(5):
            order.append(name)

    with one.turn(5):
        waiting = [started(lambda: write(other, "other"))]
        wait_until(lambda: is_held(other.outer))
        waiting += [started(lambda: write(one, "one")) for _ in range(3)]
    for thread in waiting:
        thread.join()
    assert order == ["other", "one", "one", "one"]


@pytest.mark.parametrize("of_same", [True, False])
def test_a_turn_that_does_not_come_is_given_up(
    processes: tuple[Turns, Turns], of_same: bool
) -> None:
    one, other = processes
    late = one if of_same else other
    with one.turn(5), pytest.raises(TimeoutError), late.turn(0.01):
        pytest.fail("two at once")
    with late.turn(0.01):
        assert is_held(late.inner)


def test_a_fault_ends_the_turn(processes: tuple[Turns, Turns]) -> None:
    one, other = processes
    with pytest.raises(RuntimeError), one.turn(5):
        raise RuntimeError
    with one.turn(0.01):
        pass
    with other.turn(0.01):
        pass


def is_held(door: Path) -> bool:
    """Whether somebody stands behind a door."""
    with door.open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
