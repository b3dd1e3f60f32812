"""Bringing the database in line with the content folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from blinker import signal
from flask import current_app

from app.core import images, markup
from app.core.registry import registry

from .desk import Places
from .models import ContentFile
from .records import problems
from .run import Progress, Run, finish, settle

#: Sent after a sync that changed anything.
content_synced = signal("content-synced")

VERSION = 2
# One for the changes, one for a new time zone, one for files that others made wait.
MOST_PASSES = 4


@dataclass
class Report:
    """What a sync did: counts, and the files that cannot be used with the reason."""

    read: int = 0
    removed: int = 0
    problems: list[ContentFile] = field(default_factory=list)


def sync(progress: Progress | None = None) -> Report:
    """Apply every change of the content folder; safe to interrupt and to repeat.

    Only one sync runs at a time on a machine; a second one waits for the first.
    `progress` is called with how many files are done and how many there are.
    """
    report = Report()
    with _one_at_a_time(current_app.config["INSTANCE"]):
        for _number in range(MOST_PASSES):
            if not _pass(report, progress or (lambda done, total: None)):
                break
    report.problems = problems()
    return report


def _pass(report: Report, progress: Progress) -> bool:
    """One look at the whole folder; whether another is needed."""
    zone = _site_zone()
    config = current_app.config
    places = Places(config["CONTENT"], config["INSTANCE"] / "media", zone, _reader(zone))
    run = Run(tuple(registry().every("content_kinds")), places)
    report.read += run.apply_changes(progress)
    report.removed += run.remove_gone()
    if settle(run.kinds):
        content_synced.send(current_app._get_current_object())  # type: ignore[attr-defined]
    finish()
    # Where the site's settings were among the changes, every date hangs on their time zone.
    return run.is_unfinished or _site_zone() != zone


def _reader(zone: ZoneInfo) -> str:
    """Changes whenever the same file would now be read into something else."""
    return f"{VERSION}.{markup.VERSION}.{images.VERSION} {zone.key}"


def _site_zone() -> ZoneInfo:
    return ZoneInfo(registry().parts("content_parts")["site"]().timezone)


@contextmanager
def _one_at_a_time(instance: Path) -> Iterator[None]:
    with (instance / "sync.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
