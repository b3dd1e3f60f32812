"""What was found last, kept so that a page can show it without asking again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction
from app.core.privacy import not_personal, this_machine
from app.core.slots import State

from .examining import Answer, look

#: What a machine found that is gone for so long concerns nobody any more.
GONE_AFTER = timedelta(days=7)


class KeptFinding(Model):
    """The answer of one check on one machine."""

    __tablename__ = "findings"
    __table_args__ = (sa.UniqueConstraint("machine", "name"),)

    machine: Mapped[str] = not_personal("name of a machine", sa.String(80))
    name: Mapped[str] = not_personal("name of a check", sa.String(80))
    place: Mapped[int] = not_personal("order of the checks")
    state: Mapped[str] = not_personal("ok, warn or fail", sa.String(4))
    sentence: Mapped[str] = not_personal("about the machinery, never about a person", sa.Text)
    fix: Mapped[str] = not_personal("a command", sa.Text)
    at: Mapped[datetime] = not_personal("when it was asked", UtcDateTime)


@dataclass(frozen=True)
class StoredFinding:
    """What one check found on one machine, and when."""

    machine: str
    name: str
    state: State
    sentence: str
    fix: str
    at: datetime


def look_and_store() -> None:
    """Ask everything now, and keep the answers in place of those from before."""
    store(look())


def store(answers: Iterable[Answer]) -> None:
    """Keep what was found on this machine."""
    machine, at = this_machine(), clock.now()
    rows = [
        KeptFinding(
            machine=machine,
            name=answer.name[:80],
            place=place,
            state=answer.finding.state,
            sentence=answer.finding.sentence,
            fix=answer.finding.fix,
            at=at,
        )
        for place, answer in enumerate(answers)
    ]
    with transaction() as session:
        is_over = sa.or_(KeptFinding.machine == machine, KeptFinding.at < at - GONE_AFTER)
        session.execute(sa.delete(KeptFinding).where(is_over))
        session.add_all(rows)


def last_look() -> list[StoredFinding]:
    """What was found last on each machine, in the order of the checks; one statement."""
    rows = db.session.scalars(
        sa.select(KeptFinding).order_by(KeptFinding.machine, KeptFinding.place)
    )
    return [_stored(row) for row in rows]


def _stored(row: KeptFinding) -> StoredFinding:
    state: State = "ok" if row.state == "ok" else "warn" if row.state == "warn" else "fail"
    return StoredFinding(row.machine, row.name, state, row.sentence, row.fix, row.at)
