"""Whatever ends a backup or a restore in the middle, what was good before is good afterwards."""

import errno
import itertools
import os
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.backup import (
    BackupProblem,
    Wish,
    archive,
    copying,
    make_backup,
    making,
    restore,
    resume,
)
from app.core.backup.checking import verify_backup
from app.core.backup.keeping import UNFINISHED
from app.core.database import db, transaction
from app.core.instance import RESTORE, NotReady, in_use
from tests.databases import disconnect
from tests.factories import make_comment
from tests.folder import ContentFolder

BEFORE, AFTER = "Said before the backup.", "Said after it."


@pytest.fixture
def site(app: Flask, content: ContentFolder, read: Any, tmp_path: Path) -> Flask:
    """A site with a comment on it, and a folder for its backups."""
    content.post("tulips")
    read()
    app.config["BACKUP"] = tmp_path / "kept"
    with app.app_context():
        make_comment(text=BEFORE)
    return app


def texts() -> list[str]:
    """What is said under the post."""
    db.session.remove()
    return list(db.session.scalars(sa.select(Comment.text).order_by(Comment.id)))


def killed(app: Flask, work: Callable[[], object], *, at: int) -> bool:
    """Do some work in a process that is killed as it comes to its nth step; whether it was."""
    disconnect(app)
    child = os.fork()
    if child == 0:
        steps = iter(range(at))

        def step(does: Any) -> Any:
            def counted(*given: Any, **named: Any) -> Any:
                if next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return does(*given, **named)

            return counted

        # Whatever comes to count does so under another name.
        os.rename, os.replace = step(os.rename), step(os.replace)
        ended = 1
        try:
            with app.app_context():
                work()
                ended = 0
        except Exception:
            traceback.print_exc()
        os._exit(ended)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def every_step(app: Flask, work: Callable[[], object]) -> Iterator[int]:
    """Kill the work at each of its steps, one after the other, until it comes to its end."""
    for at in range(1_000):
        if not killed(app, work, at=at):
            return
        yield at


def test_a_backup_that_is_killed_leaves_the_older_one_and_the_site(
    site: Flask, tmp_path: Path
) -> None:
    with site.app_context():
        older = make_backup().file
        whole = older.read_bytes()
        db.session.remove()
    seen = 0
    for _step in every_step(site, make_backup):
        seen += 1
        found = [file for file in (tmp_path / "kept").glob("*.zip") if file != older]
        with site.app_context():
            assert older.read_bytes() == whole
            for file in found:
                verify_backup(file)
                file.unlink()
            assert texts() == [BEFORE]
            db.session.remove()
    assert seen == 2
    with site.app_context():
        make_backup()
    assert not (tmp_path / "kept" / UNFINISHED).exists()


def test_a_restore_that_is_killed_leaves_the_old_site_or_can_be_finished(
    site: Flask, on_postgresql: bool
) -> None:
    with site.app_context():
        file = make_backup().file
        make_comment(text=AFTER)
        db.session.remove()
    content: Path = site.config["CONTENT"]
    page = content / "pages" / "later.md"
    seen = finished = 0
    for _step in every_step(site, lambda: restore(Wish(file))):
        seen += 1
        with site.app_context():
            if (site.config["INSTANCE"] / RESTORE).exists():
                resume()
                finished += 1
            assert texts() in ([BEFORE, AFTER], [BEFORE])
            if texts() == [BEFORE]:
                # Once more, from the start.
                make_comment(text=AFTER)
            page.write_text("# Later\n")
            assert content.is_dir()
            db.session.remove()
    assert (seen, finished) == ((5, 2) if on_postgresql else (7, 4))
    with site.app_context():
        assert texts() == [BEFORE]
    assert not page.exists()
    assert not list(content.parent.glob(".content*"))


def writing(app: Flask, name: str) -> int:
    """A process that comments twice in each transaction, until it is killed; its number."""
    disconnect(app)
    child = os.fork()
    if child:
        return child
    try:
        with app.app_context():
            for number in itertools.count():
                with transaction():
                    for _ in range(2):
                        make_comment(text=f"{name} {number}", email=None, ip=None)
    except Exception:
        traceback.print_exc()
    os._exit(1)


def test_a_backup_beside_a_writer_is_of_one_moment(site: Flask) -> None:
    writer = writing(site, "one")
    try:
        with site.app_context():
            made = [make_backup() for _ in range(3)]
            verify_backup(made[-1].file)
            db.session.remove()
    finally:
        os.kill(writer, signal.SIGKILL)
        _child, status = os.waitpid(writer, 0)
        assert os.WIFSIGNALED(status), "it stopped writing"
    counts = [each.manifest.tables["comments"] for each in made]
    # One was there before; an even number would be of two moments.
    assert [count % 2 for count in counts] == [1, 1, 1]
    assert counts[0] < counts[-1]


def test_a_full_disk_leaves_nothing_half_made(
    site: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.app_context():
        older = make_backup().file

        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        for module, name in ((archive, "_digest"), (making, "blocks_of"), (making, "sync_folder")):
            monkeypatch.setattr(module, name, full)
            with pytest.raises(BackupProblem, match="no room left"):
                make_backup()
            monkeypatch.undo()
            assert verify_backup(older)
            assert not (tmp_path / "kept" / UNFINISHED).exists()


def test_a_disk_that_is_full_as_a_copy_is_emptied_is_told_of(
    site: Flask, monkeypatch: pytest.MonkeyPatch, on_postgresql: bool
) -> None:
    if on_postgresql:
        pytest.skip("there is no file that is copied")

    class Full(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> Any:
            if sql.startswith("DELETE"):
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *given)

    with site.app_context():
        connect = partial(sqlite3.connect, factory=Full)
        monkeypatch.setattr(
            copying, "sqlite3", SimpleNamespace(connect=connect, Error=sqlite3.Error)
        )
        with pytest.raises(BackupProblem, match="no room left"):
            make_backup()


def test_a_second_backup_and_a_restore_beside_readers_are_told_to_wait(site: Flask) -> None:
    with site.app_context():
        file = make_backup().file
        with making.alone(), pytest.raises(BackupProblem, match="at work"):
            make_backup()
        with in_use(), pytest.raises(NotReady, match="is running"):
            restore(Wish(file))
        assert texts() == [BEFORE]
        other = sa.create_engine(db.engines["read"].url)
        with other.connect() as connection:
            connection.execute(sa.text("SELECT 1 FROM comments"))
            with pytest.raises(BackupProblem, match="connected to the database"):
                restore(Wish(file))
        other.dispose()
        assert restore(Wish(file)).former
