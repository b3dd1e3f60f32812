"""The copy of the key file: apart from all backups, and always the newest only.

A copy beside an older one would keep the keys of months that were destroyed here.
"""

import os
from hashlib import sha256
from pathlib import Path

from flask import current_app

from app.core.privacy import key_path

from .keeping import backup_folder, moment_of, remember, state
from .making import sync_folder
from .problems import BackupProblem, said_plainly


def copy_keys(to: Path) -> None:
    """Copy the key file to a place apart, over the copy that is there; remember that it was done.

    Raises `BackupProblem`.
    """
    keys = _keys()
    place = to.resolve()
    apart = (backup_folder().resolve(), current_app.config["INSTANCE"].resolve())
    beside = place.parent.exists() and any(moment_of(file) for file in place.parent.iterdir())
    if beside or any(place.is_relative_to(folder) for folder in apart):
        raise BackupProblem("Keys and what they open belong apart; choose another place.")
    with said_plainly(to.parent):
        unfinished = to.with_name(f".{to.name}.part")
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(keys)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(to)
        sync_folder(to.parent)
    remember(keys=_digest(keys))


def is_copied() -> bool:
    """Whether the key file has not changed since it was copied."""
    try:
        return state().keys == _digest(_keys())
    except BackupProblem:
        return False


def was_copied() -> bool:
    """Whether it was ever copied from here."""
    return bool(state().keys)


def _keys() -> bytes:
    try:
        return key_path().read_bytes()
    except OSError:
        raise BackupProblem(f"The key file {key_path()} cannot be read.") from None


def _digest(keys: bytes) -> str:
    # Of a file full of random keys: nothing can be guessed from it.
    return sha256(keys).hexdigest()
