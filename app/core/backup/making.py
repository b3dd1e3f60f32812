"""Making a backup: nothing counts before it was proven, and no older one is touched."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from app.core import clock
from app.core.config import PREFIX, VERSION, documented_settings
from app.core.database import db, is_sqlite
from app.core.privacy import BadHead, Head, kept_heads, key_path, read_head, signing_key
from app.core.registry import registry

from .archive import Progress, Writer, no_progress, opened
from .copying import Picture, blocks_of, database_file, picture
from .keeping import UNFINISHED, backup_folder, name_for, remember
from .manifest import Manifest, is_safe
from .problems import BackupProblem, said_plainly

HEAD_PART = "records/head.json"
_LOCK = "backup.lock"


@dataclass(frozen=True)
class Made:
    """A backup that counts."""

    file: Path
    size: int
    seconds: float
    manifest: Manifest


def make_backup(to: Path | None = None, progress: Progress = no_progress) -> Made:
    """Make a backup beside the running site, and prove it before it gets its name.

    Raises `BackupProblem`; then every older backup is as it was, and nothing is left behind.
    """
    with alone():
        return make_alone(to, progress)


def make_alone(to: Path | None = None, progress: Progress = no_progress) -> Made:
    """The same for whoever sees to it that nobody else does so meanwhile."""
    began = time.monotonic()
    folder = backup_folder(to)
    try:
        with said_plainly(folder):
            _check_place(folder)
            made = _make(folder, progress)
    except BackupProblem as problem:
        remember(problem=str(problem))
        raise
    seconds = round(time.monotonic() - began, 1)
    size, at = made[0].stat().st_size, clock.now().isoformat(timespec="seconds")
    when = made[1].made_at.isoformat()
    remember(
        file=str(made[0].resolve()),
        made_at=when,
        size=size,
        seconds=seconds,
        verified_at=at,
        problem="",
    )
    return Made(made[0], size, seconds, made[1])


def left_out() -> dict[str, str]:
    """The tables of which no backup has a row, and why."""
    found: dict[str, str] = {}
    for feature in registry().features:
        found.update(feature.left_out_of_backups)
    return found


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes a backup or restores one meanwhile."""
    instance: Path = current_app.config["INSTANCE"]
    with said_plainly(instance):
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(instance / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise BackupProblem(
            "Another backup or restore of this site is at work; try again when it is done."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def workroom(folder: Path) -> Iterator[Path]:
    """A room for unfinished things in a folder, empty before and gone afterwards."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    room = folder / UNFINISHED
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def content_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Every plain file of the content folder by the name of its part; hidden ones stay out."""
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(place) / name
            part = f"content/{file.relative_to(root).as_posix()}"
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                if not is_safe(part):
                    raise BackupProblem(f"The name of {file} cannot stand in a backup; rename it.")
                yield part, file


def _make(folder: Path, progress: Progress) -> tuple[Path, Manifest]:
    signing_key("backup")  # Without keys no seal; said before anything is copied.
    at = clock.now().replace(microsecond=0)
    while (folder / name_for(at)).exists():
        at += timedelta(seconds=1)
    with workroom(folder) as room:
        _check_space(room)
        unfinished = room / "backup.zip"
        with picture(room, left_out(), _heads(), progress) as taken:
            writer = Writer(unfinished)
            try:
                manifest = _pack(writer, taken, at, progress)
            finally:
                writer.close()
        _read_back(unfinished, progress)
        file = folder / name_for(at)
        unfinished.replace(file)
        sync_folder(folder)
    return file, manifest


def _pack(writer: Writer, taken: Picture, at: datetime, progress: Progress) -> Manifest:
    """Write every part, and last what the archive says of itself."""
    taken.pack(writer, progress)
    for name, file in content_files(current_app.config["CONTENT"]):
        writer.add(name, blocks_of(file))
    if taken.head is not None:
        writer.add(HEAD_PART, [json.dumps(asdict(taken.head)).encode()])
    manifest = Manifest(
        made_at=at,
        version=VERSION,
        database=db.engine.dialect.name,
        schema=taken.proof.schema,
        tables=taken.proof.tables,
        columns=taken.columns,
        sequences=taken.sequences,
        left_out=left_out(),
        entries=taken.proof.entries,
        problems=taken.proof.problems,
        settings=open_settings(),
        parts=tuple(writer.parts),
    )
    writer.finish(manifest)
    return manifest


def open_settings() -> dict[str, str]:
    """The settings of this site as text, without those that are secret."""
    return {
        PREFIX + entry.name: str(current_app.config[entry.name])
        for entry in documented_settings()
        if not entry.metadata["secret"] and current_app.config[entry.name] != entry.default
    }


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_back(file: Path, progress: Progress) -> None:
    """Take every part out of the archive once, as a restore would."""
    with opened(file) as archive:
        for part in archive.manifest.parts:
            for _block in archive.read(part, progress):
                continue


def _heads() -> list[Head]:
    """The heads of the audit log kept here; whoever checks the log tells of those that are off."""
    found = []
    for file in kept_heads():
        with suppress(BadHead):
            found.append(read_head(file))
    return found


def _check_place(folder: Path) -> None:
    """Refuse a folder that is published, or that would be part of its own backups."""
    place, root = folder.resolve(), Path(current_app.root_path).parent.resolve()
    content: Path = current_app.config["CONTENT"].resolve()
    for public in (content, root / "static", root / "templates"):
        if place.is_relative_to(public):
            raise BackupProblem(
                f"The folder {folder} is in one that is published or backed up; choose another."
            )
    if key_path().resolve().is_relative_to(place):
        raise BackupProblem(
            f"The key file is in {folder}; keys and backups belong apart, so choose another."
        )


def _check_space(room: Path) -> None:
    """Refuse to begin what would fill the disk, perhaps the one that the site writes to."""
    if not is_sqlite():
        return
    needed = database_file().stat().st_size * 5 // 4
    free = shutil.disk_usage(room).free
    if free < needed:
        raise BackupProblem(
            f"A backup needs {needed // 1_000_000 + 1} MB while it is made, and the disk of "
            f"{room.parent} has {free // 1_000_000}; make room, or name another folder with --to."
        )
