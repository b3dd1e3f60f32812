"""Putting the page of one feedback together: its words, where it stands, its history."""

from dataclasses import dataclass, replace
from typing import Any

from app.accounts import moderators_of
from app.core.privacy import REASONS, Viewer
from app.desk import SealedFact, ban_warnings, kin_of, looks_taken, past_of, sealed_fact

from ..models import Feedback, State
from .acts import STATE_WORDS
from .forms import LONGEST
from .headlines import list_address
from .queries import KINDRED, row_called
from .rows import NAMELESS, PATH, Row, Setting, row_of
from .sieve import Sieve

_REASONS = tuple((REASONS | {"moderation": "moderating this feedback"}).items())
FIELDS = {"email": "sender_email", "ip": "sender_ip"}


@dataclass(frozen=True)
class Way:
    """One thing that words can be used for."""

    name: str
    label: str
    hint: str
    button: str
    tone: str = "yes"
    most: int = 0
    to: str = ""
    is_current: bool = False


def item_page(viewer: Viewer, feedback: Feedback, sieve: Sieve) -> dict[str, Any]:
    """What the template of one feedback needs, but for what was just sent."""
    kin = kin_of([feedback.id], KINDRED)
    setting = Setting(viewer, sieve, kin, "../")
    row = row_of(row_called(feedback.id), setting)
    administers = viewer.administers(feedback.blog_id)
    return {
        "item": row,
        "back_to": list_address(sieve),
        "back": sieve.query,
        "administers": administers,
        "may_ban": bool(feedback.sender_email or feedback.sender_ip),
        "may_claim": may_claim(viewer, feedback, row),
        "looked": looks_taken(feedback.uid) if administers else None,
        **past_of(feedback.uid, STATE_WORDS),
    }


def ban_page(feedback: Feedback) -> dict[str, Any]:
    """Who would be kept out by each kind of ban; kinds that rest on nothing known are left out."""
    return {
        "name": feedback.sender_name or NAMELESS.lower(),
        "back_to": f"{PATH}{feedback.id}/",
        "warnings": ban_warnings(KINDRED, feedback),
    }


def may_claim(viewer: Viewer, feedback: Feedback, row: Row) -> bool:
    """Whether there is something to decide, and somebody else who could be told."""
    if not (row.state is State.HELD or row.is_agreed or row.reports):
        return False
    return any(each.id != viewer.id for each in moderators_of(feedback.blog_id))


def sealed_facts(viewer: Viewer, feedback: Feedback) -> list[SealedFact]:
    """Masks of what is sealed, with the form for a look where the viewer may take one."""
    may = viewer.administers(feedback.blog_id)
    fields = ("email", "ip") if may else ("email",)
    facts = [sealed_fact(feedback, field, FIELDS[field], may_reveal=may) for field in fields]
    return [replace(fact, reasons=_REASONS) for fact in facts]


def ways(row: Row, wanted: str) -> list[Way]:
    """What may be written about a feedback in its state; the one wanted is open, else the first."""
    found = []
    if row.acts and row.state not in (State.DECLINED, State.SPAM):
        hint = "The sender reads this on their private page. Nobody else does."
        found.append(Way("decline", "Decline with a reason", hint, "Decline", "no"))
    hint = "For the moderators of the room. The sender never sees it."
    found.append(Way("note", "Note", hint, "Keep the note", "plain"))
    names = [way.name for way in found]
    current = wanted if wanted in names else "note"
    return [
        replace(
            way,
            most=LONGEST[way.name],
            to=f"?for={way.name}#words",
            is_current=way.name == current,
        )
        for way in found
    ]
