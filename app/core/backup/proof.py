"""Proving a database that was copied or loaded, before anybody relies on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from app.core.database import READ, db, is_sqlite
from app.core.privacy import Head, try_opening, verify

from .problems import BackupProblem

#: How many personal values are opened by way of trial.
TRIED = 100
#: Alembic's own; what it says is the schema's version.
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class Proof:
    """What a database was found to be."""

    schema: str
    tables: dict[str, int]
    entries: int
    #: What is wrong with the site itself; a copy of it can be whole all the same.
    problems: list[str]


def prove(*, with_keys: bool, heads: Iterable[Head] = ()) -> Proof:
    """Check the database at hand in every way there is; `with_keys`, also what is sealed.

    Raises `BackupProblem` when it is damaged, so that a copy of it would be worth nothing.
    """
    connection = reading()
    if is_sqlite():
        _check_pages(connection)
    schema = MigrationContext.configure(connection).get_current_revision()
    if schema is None:
        raise BackupProblem("The database has no schema yet; start the site once.")
    counts = {name: _count(connection, name) for name in table_names(connection)}
    if not with_keys:
        return Proof(schema, counts, counts.get("audit_chain", 0), [])
    verdict = verify(heads)
    problems = [f"The audit log is not whole: {verdict.sentence}"] if verdict.bad else []
    trial = try_opening(TRIED)
    problems += [f"Values in {column} were changed and do not open." for column in trial.damaged]
    return Proof(schema, counts, counts["audit_chain"], problems)


def reading() -> sa.Connection:
    """The connection that this session reads with, for what is asked of the database itself."""
    return db.session.connection(bind_arguments={"bind": db.engines[READ]})


def table_names(connection: sa.Connection) -> list[str]:
    """Our tables; those that a search index keeps for itself are none of ours."""
    if not is_sqlite():
        names = set(sa.inspect(connection).get_table_names())
    else:
        rows = connection.exec_driver_sql("PRAGMA table_list")
        names = {row.name for row in rows if row.schema == "main" and row.type == "table"}
    return sorted(name for name in names - {VERSION_TABLE} if not name.startswith("sqlite_"))


def _check_pages(connection: sa.Connection) -> None:
    try:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        stray = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except sa.exc.DatabaseError as fault:
        raise BackupProblem(f"The database is damaged ({fault.orig}).") from None
    if found != "ok":
        raise BackupProblem(f"The database is damaged ({found}).")
    if stray:
        raise BackupProblem(f"The database is damaged: a row of {stray[0]} refers to none.")


def _count(connection: sa.Connection, name: str) -> int:
    count: Any = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
    return int(count)
