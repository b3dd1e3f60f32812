"""Writing down what was read of each file, and what was wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction

from .folder import Found
from .front import ContentProblem
from .models import ContentFile

_FILES = ContentFile.__table__
_TOUCHED = (
    sa.update(_FILES)  # type: ignore[arg-type]  # it is a Table
    .where(_FILES.c.path == sa.bindparam("known_path"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("size", "mtime_ns", "inode")})
)
#: No version of the code; a file recorded with it is read at the next look.
READ_AGAIN = ""


@dataclass(frozen=True)
class Record:
    """What is worth knowing of a file that was read."""

    found: Found
    digest: str
    reader: str
    needs: tuple[str, ...]
    problem: ContentProblem | None
    is_same: bool = False


def problem_count() -> sa.ScalarSelect[int]:
    """How many files cannot be used, to be asked along with something else."""
    bad = sa.select(sa.func.count(ContentFile.id)).where(ContentFile.problem.is_not(None))
    return bad.scalar_subquery()


def problems() -> list[ContentFile]:
    """The files that cannot be used, by path."""
    rows = sa.select(ContentFile).where(ContentFile.problem.is_not(None)).order_by(ContentFile.path)
    return list(db.session.scalars(rows))


def record(session: Session, facts: Iterable[Record]) -> None:
    """Write down files; of one that was only touched, just its new time."""
    every = list(facts)
    touched = [_touched(fact) for fact in every if fact.is_same]
    read = [_read(fact) for fact in every if not fact.is_same]
    if touched:
        session.connection().execute(_TOUCHED, touched)
    if read:
        dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
        insert = dialect.insert(ContentFile.__table__)
        columns = {name: insert.excluded[name] for name in read[0] if name != "path"}
        upsert = insert.on_conflict_do_update(index_elements=["path"], set_=columns)
        session.connection().execute(upsert, read)


def _touched(fact: Record) -> dict[str, Any]:
    stamp = fact.found.stamp
    return {
        "known_path": fact.found.path,
        "new_size": stamp.size,
        "new_mtime_ns": stamp.mtime_ns,
        "new_inode": stamp.inode,
    }


def _read(fact: Record) -> dict[str, Any]:
    stamp = fact.found.stamp
    return {
        "path": fact.found.path,
        "size": stamp.size,
        "mtime_ns": stamp.mtime_ns,
        "inode": stamp.inode,
        "kind": fact.found.kind,
        "digest": fact.digest,
        "reader": fact.reader,
        "needs": list(fact.needs),
        "problem": fact.problem.reason if fact.problem else None,
        "problem_line": fact.problem.line if fact.problem else None,
        "read_at": clock.now(),
    }


def forget(session: Session, paths: list[str]) -> None:
    """Drop the records of files that are gone."""
    session.execute(sa.delete(ContentFile).where(ContentFile.path.in_(paths)))


def read_again(session: Session, paths: Iterable[str]) -> bool:
    """Have files read at the next look although they did not change; whether there are any."""
    # A file that is refused already is read whenever anything changes.
    known = (ContentFile.path.in_(list(paths)), ContentFile.problem.is_(None))
    is_due = session.execute(sa.update(ContentFile).where(*known).values(reader=READ_AGAIN))
    return bool(is_due.rowcount)  # type: ignore[attr-defined]


def read_all_again() -> None:
    """Have every file taken for a new one, as on a machine that has no pictures of it yet."""
    with transaction() as session:
        session.execute(sa.update(ContentFile).values(size=-1, digest="", reader=READ_AGAIN))
