"""The instance folder: database, key file and pictures of one site, made once and guarded."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app

from app.core.config import ConfigError
from app.core.database import db
from app.core.privacy import prepare_keys
from app.core.registry import registry

MARKER = "set-up"
#: Told of a restore that is not over: no site opens on what it left.
RESTORE = "restore.json"


class NotReady(Exception):
    """The site cannot start; the text is one sentence that names the fix."""


def prepare_instance() -> None:
    """Make what a site needs and does not have yet: folder, database, key.

    Raises `NotReady` when it cannot be made, or when something that this site
    already had is gone: a lost database or key is never replaced in silence.
    """
    instance: Path = current_app.config["INSTANCE"]
    content: Path = current_app.config["CONTENT"]
    if not content.is_dir():
        raise NotReady(f"The content folder {content} does not exist; set CLIENTFLOW_CONTENT.")
    _make_folder(instance)
    if (instance / RESTORE).exists():
        raise NotReady(
            "A restore of this site is not finished, and what was erased could be back; run "
            "`flask restore --resume`."
        )
    with _one_at_a_time(instance):
        is_set_up = (instance / MARKER).exists()
        _check_database(is_set_up=is_set_up)
        upgrade_database()
        try:
            prepare_keys()
        except ConfigError as problem:
            raise NotReady(str(problem)) from None
        (instance / MARKER).touch()


@contextmanager
def in_use() -> Iterator[None]:
    """As long as the block lasts, the site is being served. Raises `NotReady` during a restore."""
    with _door(fcntl.LOCK_SH, "A restore of this site is at work; start it when that is done."):
        yield


@contextmanager
def shut() -> Iterator[None]:
    """As long as the block lasts, nobody serves the site. Raises `NotReady` when somebody does."""
    with _door(fcntl.LOCK_EX, "The site is running; stop it first, its job worker too."):
        yield


def knows_schema(version: str) -> bool:
    """Whether this code can bring a database of that version to its own."""
    try:
        return ScriptDirectory.from_config(alembic_config()).get_revision(version) is not None
    except CommandError:
        return False


def upgrade_database(to: str = "head") -> None:
    """Bring the schema to this code's version, or to an earlier one, in one transaction.

    Raises `NotReady` for a database of a newer version, or one that does not answer.
    """
    url = sa.make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        _create_sqlite(Path(url.database or ""))
    try:
        if schema_version() == newest_version():
            return
        command.upgrade(alembic_config(), to)
    except CommandError:
        raise NotReady(
            f"The database has schema {schema_version()}, which this version of Clientflow does "
            "not know; install the version that made it, or a newer one."
        ) from None
    except sa.exc.OperationalError as problem:
        raise NotReady(f"The database does not answer ({_first_line(problem)}).") from None


def check_start() -> None:
    """Raise `NotReady` with the sentence of a feature that must not run as things are."""
    for check in registry().every("start_checks"):
        reason = check()
        if reason:
            raise NotReady(reason)


def alembic_config() -> AlembicConfig:
    """Alembic, pointed at the migrations of this app."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(current_app.root_path) / "migrations"))
    return config


def schema_version() -> str | None:
    """The version of the database's schema; `None` before there is one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    """The version of the schema that this code needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


@contextmanager
def _one_at_a_time(instance: Path) -> Iterator[None]:
    with (instance / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _door(way: int, otherwise: str) -> Iterator[None]:
    instance: Path = current_app.config["INSTANCE"]
    _make_folder(instance)
    with open(os.open(instance / "open.lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, way | fcntl.LOCK_NB)
        except OSError:
            raise NotReady(otherwise) from None
        yield


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise NotReady(_unwritable(instance)) from None
    if not os.access(instance, os.W_OK | os.X_OK):
        raise NotReady(_unwritable(instance))


def _unwritable(instance: Path) -> str:
    return (
        f"The folder {instance} cannot be written; make it writable for this user, or set "
        "CLIENTFLOW_INSTANCE to one that is."
    )


def _check_database(*, is_set_up: bool) -> None:
    url = sa.make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        if is_set_up and not (file.exists() and file.stat().st_size):
            raise NotReady(
                f"The database {file} is gone although this site was set up; put it back from a "
                f"backup, or remove {current_app.config['INSTANCE'] / MARKER} to start empty."
            )
        return
    try:
        with db.engine.connect():
            return
    except sa.exc.OperationalError as problem:
        raise NotReady(
            f"The database does not answer ({_first_line(problem)}); check CLIENTFLOW_DATABASE_URL."
        ) from None


def _create_sqlite(file: Path) -> None:
    """An empty database file, readable by its owner only."""
    if file.exists():
        return
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _first_line(problem: Exception) -> str:
    return str(getattr(problem, "orig", problem)).strip().splitlines()[0]
