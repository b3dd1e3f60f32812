"""What is held about whoever sent an item in, and who looked at it: told to that person alone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.privacy import REASONS, Personal, entries, masked

MOST_LOOKS = 50
#: The name under which looks at personal data stand in the audit log.
LOOK = "look"


@dataclass(frozen=True)
class Holding:
    """One thing that is held, shown as far as its owner needs, and when it goes."""

    what: str
    shown: str
    who: str
    until: datetime | None


@dataclass(frozen=True)
class SeenBy:
    """A look that somebody took at what is sealed."""

    at: datetime
    field: str
    purpose: str


def held_about(item: Any, named: Mapping[str, str]) -> list[Holding]:
    """What is sealed in an item, of the attributes that are named here with their labels."""
    found = []
    for attribute, what in named.items():
        if getattr(item, attribute) is None:
            continue
        declared: Personal = item.__table__.c[attribute].info["privacy"]
        shown = masked(item, attribute) if declared.kind == "email" else "sealed"
        since, period = getattr(item, declared.clock), declared.period()
        until = since + period if since and period else None
        found.append(Holding(what, shown, f"so that {declared.why}", until))
    return found


def looks_at(uid: uuid.UUID, named: Mapping[str, str]) -> list[SeenBy]:
    """Who looked at what is sealed in an item: when and why, and not the name of the person.

    `named` are the words for each field, by the name it is sealed under.
    """
    found = entries(most=MOST_LOOKS, kinds=(LOOK,), subject_uid=uid)
    return [
        SeenBy(entry.at, named.get(entry.field or "", "your data"), _purpose(entry.reason))
        for entry in found
    ]


def _purpose(reason: str | None) -> str:
    return REASONS.get((reason or "").partition(":")[0], "a purpose no longer on record")
