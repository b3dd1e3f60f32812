"""Erased down to the bytes: out of the word index, the write-ahead log, and dead rows.

SQLite overwrites what is deleted in its main file, but its log keeps old pages until it is cut
off, and its word index keeps words until parts of it are merged. PostgreSQL keeps dead rows and
their index entries until they are vacuumed. Somebody who reads meanwhile can make this wait;
then the job does it again.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.core import clock
from app.core.database import BUSY_TIMEOUT_MS, Model, db, is_sqlite, transaction

from .ledger import ErasureEntry

log = logging.getLogger(__name__)

#: How much of a word index is merged in one transaction, so that nobody waits long to write.
PAGES, MOST_STEPS = 256, 10_000
ATTEMPTS, PAUSE = 20, 0.1
_WORD_INDEXES = sa.text(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"
)
_CHANGES = sa.text("SELECT total_changes()")


@dataclass(frozen=True)
class Scrubbed:
    """How it ended: not clean where a reader kept old pages in use all the time."""

    is_clean: bool
    attempts: int = 1


def scrub(*, attempts: int = ATTEMPTS) -> Scrubbed:
    """Leave no byte of what was erased in the database's files, and note that it is so.

    Not within a transaction: raises `RuntimeError` there.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("what a transaction erases is not erased before its end")
    # A reader of our own would keep the log in use.
    session.rollback()
    at = clock.now()
    if is_sqlite():
        forget_deleted_words()
        session.rollback()
        done = _cut_log(attempts)
    else:
        _vacuum()
        done = Scrubbed(is_clean=True)
    if done.is_clean:
        _note(at)
    else:
        log.warning("erased bytes wait for a reader to finish", extra={"tries": done.attempts})
    return done


def scrub_waiting() -> bool:
    """Do it for erasures of which bytes may be left; whether there were any."""
    waiting = sa.select(ErasureEntry.id).where(ErasureEntry.scrubbed_at.is_(None)).limit(1)
    if db.session.scalar(waiting) is None:
        return False
    scrub()
    return True


def waiting_since() -> datetime | None:
    """When the oldest erasure was of which bytes may be left; `None` when there is none."""
    oldest = sa.select(sa.func.min(ErasureEntry.at)).where(ErasureEntry.scrubbed_at.is_(None))
    return db.session.scalar(oldest)


def forget_deleted_words() -> None:
    """Write the words of dropped documents out of every word index, a few pages at a time.

    PostgreSQL forgets them when it vacuums.
    """
    if not is_sqlite():
        return
    for name in db.session.scalars(_WORD_INDEXES).all():
        index = sa.table(name, sa.column(name), sa.column("rank"))
        merge = sa.insert(index).values({name: "merge", "rank": -PAGES})
        for _ in range(MOST_STEPS):
            if not _changes(merge):
                break


def _changes(merge: sa.Insert) -> bool:
    """Whether there was anything to merge; the statement itself counts as one change."""
    with transaction() as session:
        before = session.execute(_CHANGES).scalar_one()
        session.execute(merge)
        changed: int = session.execute(_CHANGES).scalar_one() - before
        return changed > 1


def _cut_log(attempts: int) -> Scrubbed:
    """Move the write-ahead log into the main file and cut it off, as soon as nobody reads it."""
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    try:
        # Somebody may wait for the answer: a busy moment is over soon, or the job has time.
        cursor.execute("PRAGMA busy_timeout = 0")
        for attempt in range(1, attempts + 1):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = cursor.fetchone()
            if found and not found[0]:
                return Scrubbed(is_clean=True, attempts=attempt)
            if attempt < attempts:
                time.sleep(PAUSE)
        return Scrubbed(is_clean=False, attempts=attempts)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.close()


def _vacuum() -> None:
    """Take dead rows and their index entries out of every table of ours."""
    preparer = db.engine.dialect.identifier_preparer
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in Model.metadata.sorted_tables:
            name = preparer.format_table(table)
            connection.execute(sa.text(f"VACUUM (INDEX_CLEANUP ON) {name}"))


def _note(at: datetime) -> None:
    done = sa.update(ErasureEntry).where(ErasureEntry.scrubbed_at.is_(None), ErasureEntry.at <= at)
    with transaction() as session:
        session.execute(
            done.values(scrubbed_at=clock.now()).execution_options(synchronize_session=False)
        )
