"""Taking a picture of the database at one moment, while others go on writing to it."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from psycopg import sql

from app.core.database import db, is_sqlite, pointed_at
from app.core.privacy import Head, take_head

from .archive import BLOCK, Progress, Writer, no_progress
from .problems import BackupProblem
from .proof import Proof, prove, reading, table_names

SQLITE_PART = "database/clientflow.db"


@dataclass(frozen=True)
class Picture:
    """A database as it was at one moment, found whole; `pack` writes it into an archive."""

    proof: Proof
    head: Head | None
    #: {table: columns}, where rows are written one by one.
    columns: dict[str, list[str]]
    sequences: dict[str, int]
    #: The file, where the database is one.
    file: Path | None

    def pack(self, writer: Writer, progress: Progress = no_progress) -> None:
        """Add every part of the database to an archive."""
        if self.file is not None:
            writer.add(SQLITE_PART, _watched(blocks_of(self.file), progress))
            return
        for table, columns in self.columns.items():
            part = _Lines(_rows_of(table, columns))
            writer.add(part_of(table), _watched(part, progress))
            if part.lines != self.proof.tables[table]:
                raise BackupProblem(f"The rows of {table} did not come whole.")


@contextmanager
def picture(
    folder: Path, left_out: Mapping[str, str], heads: list[Head], progress: Progress = no_progress
) -> Iterator[Picture]:
    """The database as it is now, without the rows of some tables, for as long as the block lasts.

    Raises `BackupProblem` when it is damaged.
    """
    if is_sqlite():
        file = folder / "clientflow.db"
        _copy_file(file, progress)
        _empty(file, left_out)
        with pointed_at(f"sqlite:///{file}"):
            proof, head = prove(with_keys=True, heads=heads), take_head()
        yield Picture(proof, head, {}, {}, file)
        return
    with _one_moment() as connection:
        proof, head = prove(with_keys=True, heads=heads), take_head()
        kept = Proof(
            proof.schema,
            {name: 0 if name in left_out else count for name, count in proof.tables.items()},
            proof.entries,
            proof.problems,
        )
        columns = {
            name: _columns(connection, name)
            for name in by_reference(connection)
            if name not in left_out
        }
        yield Picture(kept, head, columns, _sequences(connection), None)


def database_file() -> Path:
    """Where the SQLite database of this site is."""
    url = sa.make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    return Path(url.database or "")


def part_of(table: str) -> str:
    """The name of the part that holds the rows of a table."""
    return f"database/{table}.rows"


def database_size() -> int:
    """About how many bytes the database has, for whoever watches a bar."""
    if is_sqlite():
        file = database_file()
        return file.stat().st_size if file.exists() else 0
    size: Any = reading().scalar(sa.text("SELECT pg_database_size(current_database()) / 2"))
    return int(size)


def blocks_of(file: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with file.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


def by_reference(connection: sa.Connection) -> list[str]:
    """Our tables, each after those that it refers to."""
    ours = set(table_names(connection))
    order = sa.inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _keys in order if name in ours]


def _copy_file(target: Path, progress: Progress) -> None:
    """A copy without free pages, and so without remains of what was deleted.

    One statement in one read transaction: it neither waits for writers nor begins anew
    because of them, as copying page by page does.
    """
    source = sqlite3.connect(f"file:{database_file()}?mode=rw", uri=True, isolation_level=None)
    with closing(source):
        seen = 0

        def look() -> None:
            nonlocal seen
            size = target.stat().st_size if target.exists() else 0
            progress(size - seen)
            seen = size

        source.set_progress_handler(look, 1_000_000)
        with _copying_to(target):
            source.execute("VACUUM INTO ?", (str(target),))
    os.chmod(target, 0o600)


def _empty(file: Path, tables: Mapping[str, str]) -> None:
    """Take the rows of some tables out of a copy, and leave nothing of them in its pages."""
    with _copying_to(file), closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("PRAGMA journal_mode = MEMORY")
        copy.execute("PRAGMA synchronous = OFF")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        for name in tables.keys() & there:
            copy.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own tables


@contextmanager
def _copying_to(file: Path) -> Iterator[None]:
    """Faults of SQLite about a copy, as a sentence."""
    try:
        yield
    except sqlite3.Error as fault:
        if "full" in str(fault):
            raise BackupProblem(
                f"There is no room left on the disk of {file.parent}; nothing was changed."
            ) from None
        raise BackupProblem(f"The database cannot be copied ({fault}).") from None


@contextmanager
def _one_moment() -> Iterator[sa.Connection]:
    """Everything that this session reads is as it is now, however long that takes."""
    db.session.rollback()
    options = {"isolation_level": "REPEATABLE READ"}
    bind = {"bind": db.engines["read"]}
    try:
        connection = db.session.connection(bind_arguments=bind, execution_options=options)
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        yield connection
    finally:
        db.session.rollback()


def _columns(connection: sa.Connection, table: str) -> list[str]:
    """The columns that are written; those that the database works out are not."""
    found = sa.inspect(connection).get_columns(table)
    return [column["name"] for column in found if not column.get("computed")]


def _sequences(connection: sa.Connection) -> dict[str, int]:
    """How far each sequence has counted."""
    rows = connection.execute(
        sa.text(
            "SELECT sequencename, last_value FROM pg_sequences "
            "WHERE schemaname = current_schema() AND last_value IS NOT NULL"
        )
    )
    return {row.sequencename: row.last_value for row in rows}


def _rows_of(table: str, columns: list[str]) -> Iterator[bytes]:
    raw: Any = reading().connection.driver_connection
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        pending = bytearray()
        for row in copy:
            pending += row
            if len(pending) >= BLOCK:
                yield bytes(pending)
                pending.clear()
        yield bytes(pending)


class _Lines:
    """Blocks on their way, whose lines are counted; each row is one line."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self.blocks:
            self.lines += block.count(b"\n")
            yield block


def _watched(blocks: Any, progress: Progress) -> Iterator[bytes]:
    for block in blocks:
        progress(len(block))
        yield block
