"""The key file: beside no data that it opens, and readable by nobody but the site's own user."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from app.core.config import ConfigError

from .ring import Ring

_PLACES_FOR_OTHERS = ("static", "content", "templates", "backups")


def key_path() -> Path:
    """Where the keys of this site are."""
    given: Path | None = current_app.config["KEY_FILE"]
    return given or current_app.config["INSTANCE"] / "keys" / "clientflow.keys"


def read_ring(file: Path) -> Ring:
    """The keys of a file.

    Raises `FileNotFoundError`, and `ConfigError` when others can read it, when it
    belongs to somebody else, or when it holds no keys.
    """
    try:
        facts = file.stat()
        if facts.st_mode & 0o077:
            raise ConfigError(
                f"The key file {file} must have mode 600, and other users can read it; run "
                f"`chmod 600 {file}`."
            )
        if facts.st_uid != os.geteuid():
            raise ConfigError(
                f"The key file {file} must belong to the user the site runs as; run "
                f"`chown {os.geteuid()} {file}`."
            )
        return Ring.from_json(file.read_text("ascii"))
    except FileNotFoundError:
        raise
    except OSError:
        raise ConfigError(
            f"The key file {file} cannot be read; check its owner, and its mode (600)."
        ) from None
    except ValueError:
        raise ConfigError(
            f"The key file {file} holds no keys; put back the copy that you keep apart from the "
            "backups."
        ) from None


def write_ring(file: Path, ring: Ring) -> None:
    """Put the keys into their file, whole or not at all; what stood there before is overwritten."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(ring.to_json())
        out.flush()
        os.fsync(out.fileno())
    former = file.open("r+b") if file.exists() else None
    unfinished.replace(file)
    if former is not None:
        _overwrite(former)
    _sync_folder(file.parent)


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Let nobody else on this machine change the key file meanwhile."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(file.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def check_place(file: Path) -> None:
    """Raise `ConfigError` when the file is where it would be published, copied or committed."""
    place = file.resolve()
    root = Path(current_app.root_path).parent.resolve()
    forbidden = [root / name for name in _PLACES_FOR_OTHERS]
    forbidden += [current_app.config["CONTENT"].resolve()]
    if any(place.is_relative_to(folder) for folder in forbidden):
        raise ConfigError(
            f"The key file {file} is in a folder that is published or copied; move it out, and set "
            "CLIENTFLOW_KEY_FILE to where it is then."
        )
    if _is_tracked(place):
        raise ConfigError(
            f"The key file {file} is in version control, so its keys are known; take it out with "
            f"`git rm --cached {file}`, and replace its keys."
        )


def _is_tracked(file: Path) -> bool:
    if not any((folder / ".git").exists() for folder in file.parents):
        return False
    try:
        answer = subprocess.run(
            ["git", "-C", str(file.parent), "ls-files", "--error-unmatch", file.name],
            capture_output=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        # A machine without git tracks nothing.
        return False
    return answer.returncode == 0


def _overwrite(former: BinaryIO) -> None:
    """Leave no destroyed key in the blocks the file had."""
    with former as old:
        size = old.seek(0, os.SEEK_END)
        old.seek(0)
        old.write(bytes(size))
        old.flush()
        os.fsync(old.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
