"""Content that many tests begin with is read once; the next find a copy of the database.

A reading is copied only where it would come out the same: the same files and settings, the
same day or stopped clock, and a database that nothing was written to. All else is read.
"""

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.content import Report, sync
from app.core.content.models import ContentFile
from app.core.database import db, transaction
from tests.databases import Copies, disconnect

MOST_KEPT = 100
_RUNNING = clock.now
_FOUND_AGAIN = (
    sa.update(ContentFile.__table__)
    .where(ContentFile.path == sa.bindparam("known"))
    .values(
        size=sa.bindparam("of_size"),
        mtime_ns=sa.bindparam("at"),
        inode=sa.bindparam("number"),
        read_at=sa.bindparam("now"),
    )
)


@dataclass(frozen=True)
class Fresh:
    """An application that was just made; `database` is its own, if it has one to itself."""

    app: Flask
    database: str | None
    settings: str
    written: list[object]

    @classmethod
    def watch(cls, app: Flask, database: str | None, settings: str) -> "Fresh":
        """Note from now on whether anything connects in order to write."""
        fresh = cls(app, database, settings, [])
        with app.app_context():
            sa.event.listen(db.engine, "connect", lambda *_: fresh.written.append(1))
        return fresh

    @property
    def is_idle(self) -> bool:
        """Whether no connection is in use at the moment."""
        with self.app.app_context():
            return not any(engine.pool.checkedout() for engine in db.engines.values())


@dataclass(frozen=True)
class Kept:
    """A reading: its database, the pictures it made, and how many files it read."""

    database: str
    media: Path
    read: int


class Readings:
    """The readings of a run, by what was read."""

    def __init__(self, databases: Copies, folder: Path) -> None:
        self.databases = databases
        self.folder = folder
        self.kept: dict[str, Kept] = {}

    def read(self, fresh: Fresh) -> Report:
        """What reading the content folder reports; afterwards it has been read."""
        database = fresh.database
        if not database or fresh.written or not fresh.is_idle:
            return _sync(fresh.app)
        key = _key(fresh)
        if key in self.kept:
            return self._copy(self.kept[key], fresh.app, database)
        report = _sync(fresh.app)
        if not report.problems and fresh.is_idle and len(self.kept) < MOST_KEPT:
            self.kept[key] = self._keep(report, fresh.app, database)
        return report

    def _keep(self, report: Report, app: Flask, database: str) -> Kept:
        disconnect(app)
        media = self.folder / str(len(self.kept))
        made: Path = app.config["INSTANCE"] / "media"
        if made.exists():
            shutil.copytree(made, media)
        return Kept(self.databases.copy_of(database), media, report.read)

    def _copy(self, kept: Kept, app: Flask, database: str) -> Report:
        disconnect(app)
        self.databases.replace(database, kept.database)
        if kept.media.exists():
            made = app.config["INSTANCE"] / "media"
            shutil.copytree(kept.media, made, dirs_exist_ok=True)
        with app.app_context(), transaction() as session:
            session.connection().execute(_FOUND_AGAIN, _stamps(app.config["CONTENT"]))
        return Report(read=kept.read)


def _sync(app: Flask) -> Report:
    with app.app_context():
        return sync()


def _key(fresh: Fresh) -> str:
    """What a reading depends on."""
    moment = clock.now().date() if clock.now is _RUNNING else clock.now()
    digest = sha256(f"{fresh.settings} {moment}".encode())
    content: Path = fresh.app.config["CONTENT"]
    for file in _files(content):
        digest.update(f"\0{file.relative_to(content)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _stamps(content: Path) -> list[dict[str, object]]:
    """What the file system says of the same files in this folder."""
    found = []
    for file in _files(content):
        facts = file.stat()
        found.append(
            {
                "known": file.relative_to(content).as_posix(),
                "of_size": facts.st_size,
                "at": facts.st_mtime_ns,
                "number": facts.st_ino,
                "now": clock.now(),
            }
        )
    return found


def _files(content: Path) -> list[Path]:
    return sorted(file for file in content.rglob("*") if file.is_file())
