"""Seeing what is sealed in an item: one value, for one reason, on record."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import current_app

from app.accounts import admins_of, owners
from app.blog import Blog
from app.core import clock
from app.core.database import transaction
from app.core.errors import Gone, Missing
from app.core.mail import enqueue
from app.core.privacy import (
    REASONS,
    LookRefused,
    Need,
    Revealed,
    Unreadable,
    Viewer,
    explain,
    masked,
    reveal,
)

from .records import looks_since

#: What can be sealed in an item, and what pages call it.
SEALED = {"email": "Email", "ip": "Address"}
GONE = "That can no longer be read: its time is over, or it was damaged."
FIRST_LOOK = "/account/first-look/"
A_DAY = timedelta(days=1)


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

    def opened(self, seen: Revealed) -> "SealedFact":
        """The same with what was seen under the mask."""
        return replace(self, value=seen.value, number=seen.number)

    def corrected(self, form: Any) -> "SealedFact":
        """The same with what was typed into its form and what is wrong about it."""
        problem = next((error for errors in form.errors.values() for error in errors), None)
        return replace(self, reason=form.reason.data, note=form.note.data or "", problem=problem)


def look(viewer: Viewer, item: Any, attribute: str, *, reason: str, note: str) -> Revealed | Need:
    """A sealed value of an item, or what the viewer still needs for seeing it.

    Raises `Missing` for anybody but administrators of its blog, and `Gone` for what nobody
    can read any more. The look is on record before anything is opened; unusually many alert
    those who share the responsibility.
    """
    try:
        seen = reveal(item, attribute, viewer, reason, note)
    except LookRefused as refusal:
        if refusal.need is Need.ROLE:
            raise Missing from None
        return refusal.need
    except Unreadable:
        raise Gone(GONE, advice="Nothing else of it has changed.") from None
    _tell_of_many(viewer, item.blog_id)
    return seen


def sealed_fact(item: Any, field: str, attribute: str, *, may_reveal: bool) -> SealedFact:
    """A sealed value as it stands on a page: under its mask."""
    mask = mask_of(item, attribute)
    has_one = getattr(item, attribute) is not None
    return SealedFact(
        field=field,
        label=SEALED[field],
        mask=mask,
        none="erased: its key was destroyed" if has_one else "none kept",
        may_reveal=may_reveal and bool(mask),
        until=str(explain(getattr(type(item), attribute))) if mask else "",
    )


def mask_of(item: Any, attribute: str) -> str:
    """The mask of a sealed value; empty when there is none, or none that still opens."""
    try:
        return masked(item, attribute)
    except Unreadable:
        return ""


def _tell_of_many(viewer: Viewer, blog_id: int) -> None:
    """Mail the other administrators and the owners, once when the day's limit is passed."""
    most = current_app.config["LOOKS_A_DAY"]
    if looks_since(viewer.id, clock.now() - A_DAY) != most + 1:
        return
    others = {user.id: user for user in [*admins_of(blog_id), *owners()]}
    others.pop(viewer.id, None)
    facts = {"who": viewer.username, "most": most, "audit": f"/admin/audit/?who={viewer.id}"}
    with transaction() as session:
        blog = session.get_one(Blog, blog_id).title
        for user in others.values():
            enqueue("desk/many_looks", to=(user, "email"), blog=blog, **facts)
