"""Putting the page of one comment together: its words, its surroundings, its history."""

import difflib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import users_by_id
from app.core import clock
from app.core.privacy import REASONS, Viewer, explain
from app.moderation import Scope, warning

from ..models import LONGEST_TEXT, Comment, State
from .case_queries import above, answers, authors_at, looks_at
from .headlines import list_address
from .kin import kin_of
from .knowing import case_extras, deciders_of
from .looking import FIELDS
from .queries import comment_called
from .rows import Row, Setting, mask_of, row_of
from .sieve import Sieve
from .wording import STATE_WORDS, age, excerpt

_WORDS = re.compile(r"\s+|\S+")
_NAMES = {"email": "Email", "ip": "Address"}


@dataclass(frozen=True)
class Around:
    """A comment above or below the one at hand."""

    to: str
    name: str
    excerpt: str
    state_word: str


@dataclass(frozen=True, kw_only=True)
class SealedFact:
    """The email or the address on the page: its mask, or for once its value."""

    field: str
    label: str
    mask: str
    none: str
    may_reveal: bool
    until: str
    reasons: tuple[tuple[str, str], ...] = tuple(REASONS.items())
    reason: str = "moderation"
    note: str = ""
    problem: str | None = None
    value: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Look:
    """One look that somebody took."""

    number: int
    who: str
    field: str
    reason: str
    at: datetime
    age: str


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
    deciders = deciders_of([comment])
    setting = Setting(viewer, sieve, kin_of([comment.id]), deciders, "../")
    row: Row = row_of(found, setting)
    return {
        "item": row,
        "blog_title": found.blog_title,
        "back_to": list_address(sieve),
        "back": sieve.query,
        "above": [_around(other) for other in above(comment)],
        "below": [_around(other) for other in answers(comment)],
        "edit": diff(comment),
        "may_ban": not comment.is_by_author and bool(comment.author_email or comment.author_ip),
        "looked": looks(comment) if viewer.administers(comment.blog_id) else None,
        **case_extras(comment),
    }


def ban_page(comment: Comment) -> dict[str, Any]:
    """Who would be kept out by each kind of ban; kinds that rest on nothing known are left out."""
    known = {
        Scope.EMAIL: comment.author_email is not None,
        Scope.ADDRESS: comment.author_ip is not None,
        Scope.NEIGHBOURHOOD: comment.author_ip is not None,
    }
    found = authors_at(comment)
    return {
        "comment": comment,
        "warnings": {
            scope.value: warning(scope, found[scope])
            for scope, is_known in known.items()
            if is_known
        },
    }


def sealed_facts(viewer: Viewer, comment: Comment) -> list[SealedFact]:
    """Masks of what is sealed, with the form for a look where the viewer may take one."""
    may = viewer.administers(comment.blog_id)
    fields = ("email", "ip") if may else ("email",)
    return [_fact(comment, field, may_reveal=may) for field in fields]


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


def looks(comment: Comment) -> list[Look]:
    """Who saw what of a comment, and why; newest first."""
    rows = looks_at(comment)
    people = users_by_id({row.actor_id for row in rows if row.actor_id})
    now = clock.now()
    return [
        Look(
            row.id,
            people[row.actor_id].username if row.actor_id in people else "somebody",
            "email" if row.field == "comment.email" else "address",
            _reason(row.reason or ""),
            row.at,
            age(row.at, now),
        )
        for row in rows
    ]


def diff(comment: Comment) -> list[tuple[str, str]] | None:
    """What a waiting edit changes, word by word; `None` without one."""
    if comment.pending_text is None:
        return None
    old, new = _WORDS.findall(comment.text), _WORDS.findall(comment.pending_text)
    parts: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            parts.append(("removed", "".join(old[a:b])))
        if c < d:
            parts.append(("added", "".join(new[c:d])))
    return parts


def _fact(comment: Comment, field: str, *, may_reveal: bool) -> SealedFact:
    mask = mask_of(comment, FIELDS[field])
    has_one = getattr(comment, FIELDS[field]) is not None
    none = "erased: its key was destroyed" if has_one else "none kept"
    return SealedFact(
        field=field,
        label=_NAMES[field],
        mask=mask,
        none=none,
        may_reveal=may_reveal and bool(mask),
        until=str(explain(getattr(Comment, FIELDS[field]))) if mask else "",
    )


def _around(comment: Comment) -> Around:
    return Around(
        f"../{comment.id}/",
        comment.author_name or "A removed comment",
        excerpt(comment.text, 300),
        STATE_WORDS[comment.state],
    )


def _reason(stored: str) -> str:
    word, _, note = stored.partition(": ")
    said = REASONS.get(word, word)
    return f"{said} ({note})" if note else said
