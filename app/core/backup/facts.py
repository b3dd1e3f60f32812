"""How it stands with the backups, for those who watch a site and those who read its policy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from app.core import clock

from .keeping import backup_folder, keep_backups, kept_backups, state

#: One a day, and two hours for a job that runs late.
OLDEST_GOOD = timedelta(hours=26)


@dataclass(frozen=True)
class BackupFacts:
    """What is known of the backups of this site."""

    #: Whether one is made every day.
    is_daily: bool
    folder: Path
    count: int
    #: The last one that counts, wherever it was put; `None` when there is none any more.
    made_at: datetime | None
    size: int
    seconds: float
    verified_at: datetime | None
    #: Why the last attempt came to nothing.
    problem: str
    #: How long each is kept.
    keep: timedelta

    @property
    def age(self) -> timedelta | None:
        """How long ago the last one was made."""
        return clock.now() - self.made_at if self.made_at else None

    @property
    def is_late(self) -> bool:
        """Whether the daily backup is missing."""
        return self.is_daily and (self.age is None or self.age > OLDEST_GOOD)


def backup_facts() -> BackupFacts:
    """How it stands with the backups now."""
    known, kept = state(), kept_backups()
    made_at, size = (kept[-1].made_at, kept[-1].size) if kept else (None, 0)
    last = _moment(known.made_at)
    is_there = bool(known.file) and Path(known.file).exists()
    if last and is_there and (made_at is None or last >= made_at):
        made_at, size = last, known.size
    return BackupFacts(
        is_daily=current_app.config["BACKUP"] is not None,
        folder=backup_folder(),
        count=len(kept),
        made_at=made_at,
        size=size,
        seconds=known.seconds,
        verified_at=_moment(known.verified_at),
        problem=known.problem,
        keep=keep_backups(),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
