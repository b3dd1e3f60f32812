"""What the page of promises shows, and what the dashboard says of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.core.privacy import Viewer
from app.core.registry import Figure, Location

from .queries import Kept, broken_promises, kept_promises, unguarded_clauses

ADDRESS = "/privacy/promises/"


@dataclass(frozen=True)
class Test:
    """A test as a reader may understand it: its sentence, and where it stands."""

    sentence: str
    file: str


@dataclass(frozen=True)
class Page:
    """The page of promises: all of them, those that are broken, and clauses without one."""

    promises: tuple[Kept, ...]
    unguarded: tuple[tuple[int, str], ...]

    @property
    def broken(self) -> tuple[Kept, ...]:
        """Those that are not kept."""
        return tuple(kept for kept in self.promises if kept.problem)

    @property
    def checked(self) -> int:
        """How many have a check of their own that ran."""
        return sum(1 for kept in self.promises if kept.checked_at)

    @property
    def checked_at(self) -> datetime | None:
        """When the last check was."""
        return max((kept.checked_at for kept in self.promises if kept.checked_at), default=None)


def promises_page() -> Page:
    """The page as it stands, from the rows that the daily check left."""
    return Page(kept_promises(), unguarded_clauses())


def tests_of(kept: Kept) -> tuple[Test, ...]:
    """The tests that guard a promise, as sentences."""
    return tuple(map(_test, kept.promise.tests))


def figures(viewer: Viewer) -> list[Figure]:
    """For owners: promises that are not kept."""
    if not viewer.has_right("own"):
        return []
    broken = len(broken_promises())
    label = "Promise not kept" if broken == 1 else "Promises not kept"
    return [Figure(label, broken, ADDRESS, is_alarm=bool(broken))]


def promise_locations() -> Iterator[Location]:
    """The page of promises, once something is promised."""
    if kept_promises():
        yield Location(address=ADDRESS, changed_at=None)


def _test(entry: str) -> Test:
    file, _, name = entry.partition("::")
    words = name.removeprefix("test_") or file.rpartition("/")[2].removesuffix(".py")
    return Test(words.replace("_", " "), file)
