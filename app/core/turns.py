"""Turns to write: one queue for the threads and processes of a host, where one may write at a time.

SQLite lets waiting connections try again now and then: whoever comes at the right moment
is next, and under many writers some never are. Here each process sends one thread, and
those threads meet at two doors. Between the doors there is room for one, who waits for the
second; whoever has written begins again at the first. So the others' turn comes before
one's next. The doors are locks of the kernel on two empty files: they open by themselves
when a process dies.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

#: Between two tries at a door that is shut; less than any transaction takes.
_PAUSE = 0.000_5


class Turns:
    """The queue before one database file."""

    def __init__(self, database: Path) -> None:
        self.outer = database.with_name(f"{database.name}-next")
        self.inner = database.with_name(f"{database.name}-turn")
        self.thread = threading.Lock()

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """A turn as long as the block. Raises `TimeoutError` when `patience` seconds are over."""
        until = time.monotonic() + patience
        if not self.thread.acquire(timeout=patience):
            raise TimeoutError
        try:
            with ExitStack() as inside:
                with _passed(self.outer, until):
                    inside.enter_context(_passed(self.inner, until))
                yield
        finally:
            self.thread.release()


@contextmanager
def _passed(door: Path, until: float) -> Iterator[None]:
    # Opened anew each time: a file opened before a fork would be one lock for both processes.
    opened = os.open(door, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _is_locked(opened):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(opened)


def _is_locked(opened: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
