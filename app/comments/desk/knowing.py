"""What the floors below know about a comment: notes, reports, decisions, trust, and who acted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import users_by_id
from app.core import clock
from app.moderation import COMPLAINTS, Complaint, notes_of, reports_of

from ..models import Comment, State
from .case_queries import decisions_on, trust_in
from .wording import STATE_WORDS, age

#: What filters call the rules that may hold a comment.
RULES = (
    ("first", "First comment"),
    ("untrusted", "Not trusted yet"),
    ("unproved", "Address not proved"),
    ("links", "Links"),
    ("words", "Word list"),
    ("host", "Refused host"),
    ("repeated", "Repeated text"),
    ("disguise", "Disguised link"),
    ("bare", "Nothing but links"),
    ("mixed", "Mixed alphabets"),
    ("loud", "Capitals"),
    ("attack", "Many strangers at once"),
    ("form-trap", "Hidden field filled in"),
    ("form-young", "Filled in too fast"),
)
SOMEBODY = "somebody who left"


@dataclass(frozen=True)
class Entry:
    """One thing that happened, who did it and when."""

    sentence: str
    who: str
    at: datetime
    age: str
    more: str | None = None


def deciders_of(comments: list[Comment]) -> dict[int, Any]:
    """Who decided on some comments, by the number of the account."""
    return users_by_id({comment.decided_by for comment in comments if comment.decided_by})


def name_of(user_id: int | None) -> str | None:
    """The username of an account; `None` without one."""
    if user_id is None:
        return None
    found = users_by_id({user_id}).get(user_id)
    return found.username if found else SOMEBODY


def case_extras(comment: Comment) -> dict[str, Any]:
    """Notes, reports, decisions and trust of one comment, for its page."""
    notes, decisions = notes_of(comment.uid), decisions_on(comment)
    actors = {note.created_by for note in notes} | {row.actor_id for row in decisions}
    actors |= {row.undone_by for row in decisions}
    people = users_by_id({actor for actor in actors if actor})
    return {
        "noted": [_entry(note.text, people, note.created_by, note.created_at) for note in notes],
        "reported": [_report(report) for report in reports_of(comment.uid)],
        "happened": [_decision(row, people) for row in decisions],
        "trusted": trust_in(comment),
    }


def _entry(sentence: str, people: dict[int, Any], actor_id: int | None, at: datetime) -> Entry:
    who = people[actor_id].username if actor_id in people else SOMEBODY
    return Entry(sentence, who, at, age(at, clock.now()))


def _report(report: Any) -> Entry:
    sentence = COMPLAINTS[Complaint(report.complaint)]
    at = report.created_at
    return Entry(sentence, report.outcome.value, at, age(at, clock.now()), report.text or None)


def _decision(row: Any, people: dict[int, Any]) -> Entry:
    start, end = (STATE_WORDS.get(State(state), state) for state in (row.from_state, row.to_state))
    sentence = f"From {start} to {end}" if start != end else "A change of the text was decided on"
    entry = _entry(sentence, people, row.actor_id, row.created_at)
    if row.undone_at is None:
        return entry
    undone = people[row.undone_by].username if row.undone_by in people else SOMEBODY
    return Entry(entry.sentence, entry.who, entry.at, entry.age, f"taken back by {undone}")
