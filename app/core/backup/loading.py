"""Loading a backup beside the present site, where it can be tried and changes nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import current_app
from psycopg import sql

from app.core.database import db, is_sqlite, pointed_at, transaction
from app.core.instance import upgrade_database

from .archive import Archive, Progress, no_progress
from .copying import SQLITE_PART, by_reference, database_file, part_of
from .manifest import Part
from .problems import BackupProblem, said_plainly
from .proof import table_names

#: The folder beside a SQLite file, or the schema beside PostgreSQL's own.
STAGE = "restoring"


def staged_file() -> Path:
    """The database that is being restored, until it takes its place."""
    return database_file().parent / f".{STAGE}" / "clientflow.db"


def staged_content() -> Path:
    """The content folder that is being restored, on the same disk as the present one."""
    content: Path = current_app.config["CONTENT"].resolve()
    return content.parent / f".{content.name}.{STAGE}"


def clear_stage() -> None:
    """Remove what a restore has loaded and not put in place."""
    shutil.rmtree(staged_content(), ignore_errors=True)
    if is_sqlite():
        shutil.rmtree(staged_file().parent, ignore_errors=True)
        return
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {STAGE} CASCADE"))


def _check_room(archive: Archive) -> None:
    """Refuse to unpack more than there is room for, whatever is said to be in it."""
    place = database_file().parent if is_sqlite() else staged_content().parent
    free = shutil.disk_usage(place).free
    if archive.manifest.size > free:
        raise BackupProblem(
            f"This backup needs {archive.manifest.size // 1_000_000 + 1} MB, and the disk of "
            f"{place} has {free // 1_000_000}; make room first."
        )


@contextmanager
def loaded(archive: Archive, progress: Progress = no_progress) -> Iterator[None]:
    """Load the database of a backup; inside the block everybody reads and writes that one.

    Raises `BackupProblem` when it does not become what its manifest says.
    """
    _check_room(archive)
    if is_sqlite():
        file = staged_file()
        with said_plainly(file.parent):
            unpack(archive, archive.manifest.part(SQLITE_PART), file, progress)
        with pointed_at(f"sqlite:///{file}"):
            yield
        return
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {STAGE}"))
    with pointed_at(_staged_address()):
        upgrade_database(archive.manifest.schema)
        try:
            _load_rows(archive, progress)
        except psycopg.Error as fault:
            reason = str(fault).strip().split("\n")[0]
            raise BackupProblem(f"The rows of this backup cannot be used ({reason}).") from None
        yield


def unpack(archive: Archive, part: Part, file: Path, progress: Progress = no_progress) -> None:
    """Write one part to a new file, readable by its owner only until somebody says otherwise."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    way = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with open(os.open(file, way, 0o600), "wb") as target:
        for block in archive.read(part, progress):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())


def unpack_content(archive: Archive, progress: Progress = no_progress) -> None:
    """Write the content folder of a backup beside the present one."""
    folder = staged_content()
    with said_plainly(folder.parent):
        folder.mkdir(mode=0o755)
        for part in archive.manifest.below("content"):
            file = folder / part.path
            unpack(archive, part, file, progress)
            file.chmod(0o644)
        for place, _folders, _files in os.walk(folder):
            Path(place).chmod(0o755)


def _staged_address() -> str:
    """The address of the present database, with another schema in its search path."""
    url = sa.make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    given = url.query.get("options", "")
    options = f"{given} -csearch_path={STAGE}".strip()
    return url.update_query_dict({"options": options}).render_as_string(hide_password=False)


def _load_rows(archive: Archive, progress: Progress) -> None:
    """Fill the tables that the migrations made; the database checks every reference."""
    manifest = archive.manifest
    with transaction() as session:
        connection = session.connection()
        order = by_reference(connection)
        if manifest.columns.keys() - set(order):
            raise BackupProblem("This backup has tables that its schema does not know.")
        # Triggers of ours would count, refuse and renew what the rows say already.
        for table in order:
            connection.execute(sa.text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
        for table in reversed(order):
            connection.execute(sa.delete(sa.table(table)))
        for table in order:
            if table in manifest.columns:
                _fill(connection, archive, table, progress)
        for table in order:
            connection.execute(sa.text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'))
        known = set(sa.inspect(connection).get_sequence_names())
        for name in manifest.sequences.keys() & known:
            last = {"name": f'"{name}"', "last": max(1, manifest.sequences[name])}
            connection.execute(sa.text("SELECT setval(CAST(:name AS regclass), :last)"), last)
        for table in table_names(connection):
            connection.execute(sa.text(f'ANALYZE "{table}"'))


def _fill(connection: sa.Connection, archive: Archive, table: str, progress: Progress) -> None:
    raw: Any = connection.connection.driver_connection
    names = archive.manifest.columns[table]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    part = archive.manifest.part(part_of(table))
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for block in archive.read(part, progress):
            copy.write(block)
