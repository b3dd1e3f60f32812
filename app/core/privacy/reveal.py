"""The one way to see a sealed value: recorded first, opened second, and for few."""

import enum
import functools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Forbidden, Unacceptable

from .audit import record
from .columns import BLOG_ADMINS, declaration_of
from .vault import Unreadable, open_sealed

REASONS = {
    "moderation": "moderating this comment",
    "spam": "stopping spam",
    "abuse": "stopping abuse",
    "legal": "a legal matter",
    "answer": "answering the author",
    "request": "a data request",
    "other": "something else, in words",
}
LONGEST_NOTE = 200


class Viewer(Protocol):
    """Somebody who is signed in, as far as rules need to know."""

    @property
    def id(self) -> int:
        """Number of the account."""

    @property
    def username(self) -> str:
        """Name of the account."""

    @property
    def is_owner(self) -> bool:
        """Whether the site is theirs."""

    @property
    def session_id(self) -> int:
        """Number of the session."""

    @property
    def agreement_id(self) -> int | None:
        """Number of their acceptance of the confidentiality agreement as it is now."""

    @property
    def has_second_factor(self) -> bool:
        """Whether the account is protected by more than one factor."""

    @property
    def signed_in_at(self) -> datetime:
        """When they last proved who they are."""

    def administers(self, blog_id: int) -> bool:
        """Whether they are an administrator of that blog."""

    def moderates(self, blog_id: int) -> bool:
        """Whether they may moderate that blog."""

    def has_right(self, name: str) -> bool:
        """Whether they hold `moderate`, `administer` or `own` anywhere."""

    def blogs(self, right: str) -> frozenset[int]:
        """The blogs for which they hold a right."""


class Need(enum.StrEnum):
    """What is missing before somebody may look."""

    ROLE = "role"
    AGREEMENT = "agreement"
    SECOND_FACTOR = "second factor"
    RECENT_SIGN_IN = "recent sign-in"


_NEEDS = {
    Need.ROLE: "Only administrators of this blog may see that.",
    Need.AGREEMENT: "Accept the confidentiality agreement before your first look.",
    Need.SECOND_FACTOR: "Protect your account with a second factor before your first look.",
    Need.RECENT_SIGN_IN: "Your sign-in is too long ago for this; sign in again.",
}


class LookRefused(Forbidden):
    """This viewer may not look, or not yet; `need` says what is missing."""

    def __init__(self, need: Need) -> None:
        super().__init__(_NEEDS[need])
        self.need = need


@dataclass(frozen=True)
class Revealed:
    """A value that was opened, and the number under which that is on record."""

    value: str = field(repr=False)
    number: int


def reveal(row: Any, attribute: str, viewer: Viewer, reason: str, note: str = "") -> Revealed:
    """Show one sealed value to an administrator of its blog, and put the look on record.

    The record is committed before the value is opened, in a transaction of its own.
    Raises `LookRefused`, `Unacceptable` for an unknown reason, `Unreadable` for what is not
    there or does not open, and `RuntimeError` inside another transaction.
    """
    if db.session().info.get("writing"):
        raise RuntimeError("a look inside a transaction could be taken back with it")
    declared = declaration_of(getattr(type(row), attribute))
    blog_id, uid, sealed = row.blog_id, row.uid, getattr(row, attribute)
    need = Need.ROLE if declared.opens_for is not BLOG_ADMINS else missing_for(viewer, blog_id)
    enter = functools.partial(
        record, actor_id=viewer.id, blog_id=blog_id, subject_uid=uid, field=declared.seal
    )
    if need:
        enter("look.refused", facts={"need": need.value})
        raise LookRefused(need)
    said = _reason(reason, note)
    if sealed is None:
        raise Unreadable("there is nothing to see")
    with transaction() as session:
        number = enter("look", session, reason=said, agreement_id=viewer.agreement_id)
    return Revealed(open_sealed(declared, uid, sealed), number)


def missing_for(viewer: Viewer, blog_id: int) -> Need | None:
    """The first thing that keeps a viewer from looking at what was left on that blog."""
    return missing_of(viewer) if viewer.administers(blog_id) else Need.ROLE


def missing_of(viewer: Viewer) -> Need | None:
    """The first thing besides a role that keeps a viewer from personal data."""
    if viewer.agreement_id is None:
        return Need.AGREEMENT
    if current_app.config["REQUIRE_SECOND_FACTOR"] and not viewer.has_second_factor:
        return Need.SECOND_FACTOR
    longest = timedelta(hours=current_app.config["RECENT_SIGN_IN_HOURS"])
    return Need.RECENT_SIGN_IN if clock.now() - viewer.signed_in_at > longest else None


def _reason(reason: str, note: str) -> str:
    note = " ".join(note.split())
    if reason not in REASONS:
        raise Unacceptable("Choose one of the listed reasons.")
    if len(note) > LONGEST_NOTE:
        raise Unacceptable(f"Say it in at most {LONGEST_NOTE} characters.")
    if reason == "other" and not note:
        raise Unacceptable("Say in words what the reason is.")
    return f"{reason}: {note}" if note else reason
