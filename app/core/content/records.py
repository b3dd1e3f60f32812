"""Writing down what was read of each file, and what was wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db

from .folder import Found
from .front import ContentProblem
from .models import ContentFile

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


def problems() -> list[ContentFile]:
    """The files that cannot be used, by path."""
    rows = sa.select(ContentFile).where(ContentFile.problem.is_not(None)).order_by(ContentFile.path)
    return list(db.session.scalars(rows))


def record(session: Session, facts: Record, *, is_same: bool) -> None:
    """Write down a file; of one that was only touched, just its new time."""
    path, stamp = facts.found.path, facts.found.stamp
    values: dict[str, Any] = {
        "size": stamp.size,
        "mtime_ns": stamp.mtime_ns,
        "inode": stamp.inode,
    }
    if not is_same:
        values |= {
            "kind": facts.found.kind,
            "digest": facts.digest,
            "reader": facts.reader,
            "needs": list(facts.needs),
            "problem": facts.problem.reason if facts.problem else None,
            "problem_line": facts.problem.line if facts.problem else None,
            "read_at": clock.now(),
        }
    known = sa.update(ContentFile).where(ContentFile.path == path).values(values)
    if session.execute(known).rowcount == 0:  # type: ignore[attr-defined]
        session.execute(sa.insert(ContentFile).values(path=path, **values))


def forget(session: Session, paths: list[str]) -> None:
    """Drop the records of files that are gone."""
    session.execute(sa.delete(ContentFile).where(ContentFile.path.in_(paths)))


def read_again(session: Session, paths: Iterable[str]) -> bool:
    """Have files read at the next look although they did not change; whether there are any."""
    # A file that is refused already is read whenever anything changes.
    known = (ContentFile.path.in_(list(paths)), ContentFile.problem.is_(None))
    is_due = session.execute(sa.update(ContentFile).where(*known).values(reader=READ_AGAIN))
    return bool(is_due.rowcount)  # type: ignore[attr-defined]
