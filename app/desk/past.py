"""What happened to an item, as its page for moderators tells it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import users_by_id
from app.core import clock
from app.core.privacy import REASONS
from app.moderation import COMPLAINTS, Complaint, notes_of, reports_of

from .records import decisions_on, looks_at
from .wording import age

SOMEBODY = "somebody who left"


@dataclass(frozen=True)
class Entry:
    """One thing that happened, who did it and when."""

    sentence: str
    who: str
    at: datetime
    age: str
    more: str | None = None


@dataclass(frozen=True)
class Look:
    """One look that somebody took."""

    number: int
    who: str
    field: str
    reason: str
    at: datetime
    age: str


def name_of(user_id: int | None) -> str | None:
    """The username of an account; `None` without one."""
    if user_id is None:
        return None
    found = users_by_id({user_id}).get(user_id)
    return found.username if found else SOMEBODY


def past_of(item_uid: uuid.UUID, state_words: Mapping[Any, str]) -> dict[str, Any]:
    """Notes, reports and decisions about one item, for its page."""
    notes, decisions = notes_of(item_uid), decisions_on(item_uid)
    actors = {note.created_by for note in notes} | {row.actor_id for row in decisions}
    actors |= {row.undone_by for row in decisions}
    people = users_by_id({actor for actor in actors if actor})
    return {
        "noted": [_entry(note.text, people, note.created_by, note.created_at) for note in notes],
        "reported": [_report(report) for report in reports_of(item_uid)],
        "happened": [_decision(row, people, state_words) for row in decisions],
    }


def looks_taken(item_uid: uuid.UUID) -> list[Look]:
    """Who saw what of an item, and why; newest first."""
    rows = looks_at(item_uid)
    people = users_by_id({row.actor_id for row in rows if row.actor_id})
    now = clock.now()
    return [
        Look(
            row.id,
            people[row.actor_id].username if row.actor_id in people else "somebody",
            "email" if (row.field or "").endswith(".email") else "address",
            _reason(row.reason or ""),
            row.at,
            age(row.at, now),
        )
        for row in rows
    ]


def _entry(sentence: str, people: dict[int, Any], actor_id: int | None, at: datetime) -> Entry:
    who = people[actor_id].username if actor_id in people else SOMEBODY
    return Entry(sentence, who, at, age(at, clock.now()))


def _report(report: Any) -> Entry:
    sentence = COMPLAINTS[Complaint(report.complaint)]
    at = report.created_at
    return Entry(sentence, report.outcome.value, at, age(at, clock.now()), report.text or None)


def _decision(row: Any, people: dict[int, Any], words: Mapping[Any, str]) -> Entry:
    start, end = (words.get(state, state) for state in (row.from_state, row.to_state))
    sentence = f"From {start} to {end}" if start != end else "A change of the text was decided on"
    entry = _entry(sentence, people, row.actor_id, row.created_at)
    if row.undone_at is None:
        return entry
    undone = people[row.undone_by].username if row.undone_by in people else SOMEBODY
    return Entry(entry.sentence, entry.who, entry.at, entry.age, f"taken back by {undone}")


def _reason(stored: str) -> str:
    word, _, note = stored.partition(": ")
    said = REASONS.get(word, word)
    return f"{said} ({note})" if note else said
