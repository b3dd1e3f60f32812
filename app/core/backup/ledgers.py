"""The ledger of erasures beside the backups: it has to outlive the machine as they do.

A backup knows of the erasures before it. Those after it stand in files of the instance
folder, sealed one by one, which are copied to where the backups are every hour.
"""

import re
from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Refusal
from app.core.privacy import drop_over, ledger_folder, tend_ledger

from .keeping import backup_folder

_NAME = re.compile(r"[\w-]{1,80}\.json", re.ASCII)
_LARGEST = 1_000_000


def copy_out() -> int:
    """Bring the ledger and its copy beside the backups up to date; how many files were copied.

    What is missing here stays there until it is over: a machine may have lost its own.
    """
    tend_ledger()
    if current_app.config["BACKUP"] is None:
        return 0
    here, there = ledger_folder(), backup_folder() / ledger_folder().name
    drop_over(there)
    return _copy(here, there)


def gather(backup: Path) -> None:
    """Bring everything together that is known of erasures before a backup is restored.

    What the present database knows goes into its files, if it can be read; then come
    those that lie beside the backup.
    """
    with suppress(Refusal, SQLAlchemyError):
        tend_ledger()
    _copy(backup.parent / ledger_folder().name, ledger_folder())


def _copy(source: Path, target: Path) -> int:
    written = 0
    for file in _files(source):
        copy = target / file.name
        content = file.read_bytes()
        if copy.exists() and copy.read_bytes() == content:
            continue
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target / f"{file.stem}.part"
        unfinished.write_bytes(content)
        unfinished.chmod(0o600)
        unfinished.replace(copy)
        written += 1
    return written


def _files(folder: Path) -> list[Path]:
    found = folder.glob("*.json") if folder.is_dir() else ()
    return [
        file
        for file in found
        if _NAME.fullmatch(file.name) and file.is_file() and file.stat().st_size <= _LARGEST
    ]
