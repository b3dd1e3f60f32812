"""Finding out whether anybody has the database open, whoever that is."""

import sqlite3
import time
from contextlib import closing

import sqlalchemy as sa

from app.core.database import db, is_sqlite

from .copying import database_file
from .problems import BackupProblem

#: PostgreSQL takes a moment to forget a connection that was closed.
_PATIENCE = 2.0


def check_nobody_connected() -> None:
    """Raise `BackupProblem` while any program at all has the database open."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
    until = time.monotonic() + (0 if is_sqlite() else _PATIENCE)
    while _has_connections():
        if time.monotonic() < until:
            time.sleep(0.05)
            continue
        raise BackupProblem(
            "Somebody is connected to the database; stop the site, its job worker and what else "
            "uses it."
        )


def _has_connections() -> bool:
    if not is_sqlite():
        query = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = current_user AND pid <> pg_backend_pid()"
        )
        with db.engine.connect() as connection:
            return bool(connection.scalar(query))
    if not database_file().exists():
        return False
    # Whoever has the file open holds a lock that this one needs for a moment.
    with closing(sqlite3.connect(f"file:{database_file()}?mode=rw", uri=True, timeout=0)) as own:
        try:
            own.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as fault:
            return "locked" in str(fault)
        except sqlite3.DatabaseError:
            # Damaged, which is when backups are for.
            return False
    return False
