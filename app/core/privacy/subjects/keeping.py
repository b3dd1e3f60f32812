"""What stays after an erasure: why, and until when. Told to the person, never passed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import Model

from ..belonging import key_of_table, personal_columns
from ..columns import Personal
from .reaching import Part, Reached, batches

#: What people call that which a table keeps; the table's own name says it otherwise.
NAMES = {
    "acceptances": "your promise of confidentiality",
    "audit_details": "the record of looks and decisions",
    "looks": "the record of looks and decisions",
    "feedback_answers": "that you answered feedback for the site",
}
FOR_EVER = "for good"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that stays; `until` is a moment, or an event in words."""

    what: str
    why: str
    until: datetime | str
    number: int = 1


def kept_by_declaration(session: Session, reached: Reached) -> list[Kept]:
    """What the declarations keep of the rows that were reached; one line for each reason."""
    found: dict[tuple[str, str], Kept] = {}
    for kept in (each for part in reached.parts for each in _kept(session, part)):
        known = found.get((kept.what, kept.why))
        if known is None or str(known.until) < str(kept.until):
            found[kept.what, kept.why] = kept
    return list(found.values())


def always_kept(until: datetime) -> list[Kept]:
    """What every erasure leaves."""
    return [
        Kept(
            what="keyed hashes of your address",
            why="a restored backup does not bring back what was erased",
            until=until,
        ),
        Kept(
            what="commitments in the audit chain, which hold nothing of yours",
            why="nobody can change the record of looks unnoticed",
            until=FOR_EVER,
        ),
    ]


def _kept(session: Session, part: Part) -> Iterator[Kept]:
    if not part.kept:
        return
    for declared in personal_columns(part.table, part.link).values():
        if declared.on_erasure == "keep":
            yield Kept(
                what=NAMES.get(part.table.name, part.table.name.replace("_", " ")),
                why=declared.kept_why or declared.why,
                until=_until(session, part, declared),
                number=len(part.kept),
            )


def _until(session: Session, part: Part, declared: Personal) -> datetime | str:
    """The end of the last one's period, or the event that ends it."""
    period = declared.period()
    if period is None:
        return declared.until or FOR_EVER
    name, _dot, column = declared.clock.rpartition(".")
    table: Any = Model.metadata.tables[name] if name else part.table
    clock = table.c[column]
    latest = [
        session.scalar(sa.select(sa.func.max(clock)).where(key_of_table(table).in_(some)))
        for some in batches(part.kept)
    ]
    moments = [moment for moment in latest if moment is not None]
    return max(moments) + period if moments else FOR_EVER
