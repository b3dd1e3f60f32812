"""The backups there are: where, how old, and when each has to go."""

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

from app.core import clock

from .problems import BackupProblem, said_plainly

#: Where the work of a backup is done; what is left of an interrupted one is removed by the next.
UNFINISHED = ".unfinished"
_NAME = re.compile(r"clientflow-(\d{4}-\d\d-\d\dT\d{6}Z)\.zip")
_MOMENT = "%Y-%m-%dT%H%M%SZ"
_STATE = "backup.json"


@dataclass(frozen=True)
class Kept:
    """A file that is a backup by its name."""

    file: Path
    made_at: datetime
    size: int

    @property
    def age(self) -> timedelta:
        """How long ago it was made."""
        return clock.now() - self.made_at

    @property
    def is_over(self) -> bool:
        """Whether its time is over."""
        return self.age > keep_backups()


@dataclass(frozen=True)
class State:
    """What is remembered of the last backup and the last check of one."""

    file: str = ""
    made_at: str = ""
    size: int = 0
    seconds: float = 0.0
    verified_at: str = ""
    #: Why the last attempt came to nothing; empty when it did not.
    problem: str = ""
    #: Hash of the key file when it was last copied to a place apart.
    keys: str = ""


def backup_folder(to: Path | None = None) -> Path:
    """Where backups are, unless somebody names another place."""
    return to or current_app.config["BACKUP"] or current_app.config["INSTANCE"] / "backups"


def keep_backups() -> timedelta:
    """How long a backup is kept."""
    return timedelta(days=current_app.config["KEEP_BACKUPS_DAYS"])


def name_for(at: datetime) -> str:
    """The name of a backup made at a moment."""
    return f"clientflow-{at.astimezone(UTC).strftime(_MOMENT)}.zip"


def moment_of(file: Path) -> datetime | None:
    """When a backup says by its name that it was made; `None` for any other name."""
    found = _NAME.fullmatch(file.name)
    if not found:
        return None
    with suppress(ValueError):
        return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    return None


def kept_backups(folder: Path | None = None) -> list[Kept]:
    """The backups of a folder, oldest first."""
    found = []
    for file in backup_folder(folder).glob("*.zip"):
        at = moment_of(file)
        with suppress(OSError):
            if at is not None:
                found.append(Kept(file, at, file.stat().st_size))
    return sorted(found, key=lambda kept: kept.made_at)


def newest_backup(folder: Path | None = None) -> Kept:
    """The last one made. Raises `BackupProblem` when there is none."""
    found = kept_backups(folder)
    if not found:
        raise BackupProblem(f"There is no backup in {backup_folder(folder)}.")
    return found[-1]


def prune(folder: Path | None = None) -> list[Path]:
    """Delete the backups whose time is over, the last one too; what was deleted.

    What was erased can be erased again from a younger backup only.
    """
    over = [kept.file for kept in kept_backups(folder) if kept.is_over]
    with said_plainly(backup_folder(folder)):
        for file in over:
            file.unlink(missing_ok=True)
    return over


def state() -> State:
    """What is remembered; a fresh state when nothing is."""
    try:
        return State(**json.loads(_state_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return State()


def remember(**facts: str | int | float) -> None:
    """Change what is remembered. A full disk costs the memory, never the backup."""
    file = _state_file()
    with suppress(OSError):
        unfinished = file.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(replace(state(), **facts))), "utf-8")  # type: ignore[arg-type]
        unfinished.replace(file)


def _state_file() -> Path:
    return current_app.config["INSTANCE"] / _STATE
