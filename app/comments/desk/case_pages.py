"""Putting the page of one comment together: its words, its surroundings, its history."""

from dataclasses import dataclass
from typing import Any

from app.accounts import moderators_of
from app.core.privacy import Viewer
from app.desk import SealedFact, ban_warnings, diff_of, excerpt, kin_of, looks_taken, sealed_fact

from ..models import LONGEST_TEXT, Comment, State
from .acts import STATE_WORDS
from .case_queries import above, answers
from .headlines import PATH, list_address
from .knowing import case_extras
from .looking import FIELDS
from .queries import KINDRED, comment_called
from .rows import Row, Setting, row_of
from .sieve import Sieve
from .spread import opinion_on


@dataclass(frozen=True)
class Around:
    """A comment above or below the one at hand."""

    to: str
    name: str
    excerpt: str
    state_word: str


@dataclass(frozen=True)
class Way:
    """One thing that words can be used for."""

    name: str
    label: str
    hint: str
    button: str
    tone: str = "yes"
    most: int = LONGEST_TEXT
    to: str = ""
    is_current: bool = False


def case_page(viewer: Viewer, comment: Comment, sieve: Sieve) -> dict[str, Any]:
    """What the template of one comment needs, but for what was just sent."""
    found: Any = comment_called(comment.id)
    setting = Setting(viewer, sieve, kin_of([comment.id], KINDRED), "../")
    row: Row = row_of(found, setting)
    return {
        "item": row,
        "blog_title": found.blog_title,
        "back_to": list_address(sieve),
        "back": sieve.query,
        "above": [_around(other) for other in above(comment)],
        "below": [_around(other) for other in answers(comment)],
        "edit": comment.pending_text and diff_of(comment.text, comment.pending_text),
        "may_ban": not comment.is_by_author and bool(comment.author_email or comment.author_ip),
        "looked": looks_taken(comment.uid) if viewer.administers(comment.blog_id) else None,
        "opinion": opinion_on(comment),
        "may_claim": may_claim(viewer, comment, row),
        **case_extras(comment),
    }


def ban_page(comment: Comment) -> dict[str, Any]:
    """Who would be kept out by each kind of ban; kinds that rest on nothing known are left out."""
    return {
        "name": comment.author_name,
        "back_to": f"{PATH}{comment.id}/",
        "warnings": ban_warnings(KINDRED, comment),
    }


def may_claim(viewer: Viewer, comment: Comment, row: Row) -> bool:
    """Whether there is something to decide, and somebody else who could be told."""
    if not (row.state is State.HELD or row.has_edit or row.reports):
        return False
    return any(each.id != viewer.id for each in moderators_of(comment.blog_id))


def sealed_facts(viewer: Viewer, comment: Comment) -> list[SealedFact]:
    """Masks of what is sealed, with the form for a look where the viewer may take one."""
    may = viewer.administers(comment.blog_id)
    fields = ("email", "ip") if may else ("email",)
    return [sealed_fact(comment, field, FIELDS[field], may_reveal=may) for field in fields]


def ways(row: Row) -> list[Way]:
    """What may be written about a comment in its state."""
    found = []
    if row.may_reply:
        is_held = row.state is State.HELD
        label = "Approve and reply" if is_held else "Reply"
        hint = "Public, under your name, marked as an answer of this blog."
        found.append(Way("reply", "Reply", hint, label))
    if row.state is not State.REJECTED and row.acts:
        hint = "Its author reads this on the private page of the comment. Nobody else does."
        found.append(Way("reject", "Refuse with a reason", hint, "Refuse", "no", 500))
    hint = "For moderators of this blog. Neither readers nor the author see it."
    found.append(Way("note", "Note", hint, "Keep the note", "plain", 1_000))
    return found


def _around(comment: Comment) -> Around:
    return Around(
        f"../{comment.id}/",
        comment.author_name or "A removed comment",
        excerpt(comment.text, 300),
        STATE_WORDS[comment.state],
    )
