"""What moderators send. The words of a decision are one button's value: `approve.123.4`."""

import ipaddress
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.core.errors import Unacceptable
from app.core.privacy import REASONS
from app.core.web import MemberForm
from app.moderation import BanDraft, Scope

from .looking import SEALED
from .marks import Mark, TooLate

MOST_CHOSEN = 200
SCOPES = {
    Scope.EMAIL.value: "This email",
    Scope.ADDRESS.value: "This address on the internet",
    Scope.NEIGHBOURHOOD.value: "The neighbourhood of this address",
}
LENGTHS = {"day": "a day", "week": "a week", "month": "30 days", "longest": "a year at most"}

# Items are numbered in 32 bits; a longer number is none that we sent.
_DOING = re.compile(r"([a-z]{1,10})\.(?:(chosen)|([0-9]{1,9})\.([0-9]{1,9}))")
_MARK = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")


class Stale(Unacceptable):
    """A form that cannot be accepted as it is, where only the page it is on can help."""

    title = "Nothing was changed"
    message = "This page had been open for too long, or was sent from elsewhere."
    advice = "Open the list again; nothing is lost."


@dataclass(frozen=True)
class Doing:
    """One act on one item or on those that were chosen."""

    act: str
    marks: tuple[Mark, ...]
    is_bulk: bool


class ListForm(MemberForm):
    """What every form of a list carries: where it was, and what stood in which order."""

    back = HiddenField()
    order = HiddenField()

    def must_hold(self) -> None:
        """Raise `Stale` for a form that is not of this session, or too old."""
        if not self.validate():
            raise Stale


class DecideForm(ListForm):
    """A list, of which one button was pressed."""

    do = HiddenField()

    def doing(self, chosen: Iterable[str], acts: Iterable[str]) -> Doing:
        """What was asked for, of these acts; raises `Stale` when that is nothing we offer."""
        found = _DOING.fullmatch(self.do.data or "")
        if found is None or found[1] not in set(acts):
            raise Stale
        if not found[2]:
            return Doing(found[1], (Mark(int(found[3]), int(found[4])),), is_bulk=False)
        marks = {mark.id: mark for mark in map(mark_of, chosen)}
        if not marks or len(marks) > MOST_CHOSEN:
            raise Stale("Choose at least one first.", advice="Nothing was changed.")
        return Doing(found[1], tuple(marks.values()), is_bulk=True)


class UndoForm(ListForm):
    """The way back."""

    batch = HiddenField()

    def name(self) -> uuid.UUID:
        """The act to be taken back; raises `TooLate` for none."""
        try:
            return uuid.UUID(self.batch.data or "")
        except ValueError:
            raise TooLate from None


class LookForm(MemberForm):
    """A look at one sealed value, and the reason for it."""

    field = HiddenField()
    reason = SelectField("Reason", choices=dict(REASONS), default="moderation")
    note = StringField("In your own words", [Length(max=200)])

    def validate_note(self, field: StringField) -> None:
        """A reason that is on no list needs words."""
        if self.reason.data == "other" and not field.data:
            raise ValidationError("Say in words what the reason is.")

    def validate_field(self, field: HiddenField) -> None:
        """Only what is sealed in an item can be looked at."""
        if field.data not in SEALED:
            raise ValidationError("There is nothing of that name to look at.")


class SearchForm(MemberForm):
    """An exact search, which is sent and never stands in an address."""

    kind = RadioField(
        "Look for",
        choices={
            "author": "An email",
            "address": "An address",
            "near": "An address and its neighbours",
        },
        default="author",
    )
    text = StringField(
        "Email or address", [InputRequired("Type what to look for."), Length(max=254)]
    )

    def validate_text(self, field: StringField) -> None:
        """What looks like neither an email nor an address finds nothing, so say so."""
        if self.kind.data == "author":
            if "@" not in (field.data or ""):
                raise ValidationError("An email has an @ in it.")
            return
        try:
            ipaddress.ip_address((field.data or "").strip().partition("/")[0])
        except ValueError:
            raise ValidationError("Write an address like 203.0.113.7 or 2001:db8::7.") from None


class KeysForm(ListForm):
    """The viewer's keys; each act is a field of its own name."""

    keys = HiddenField()


class BanForm(MemberForm):
    """The author of an item is kept out, without anybody seeing an email or an address."""

    scope = RadioField("Keep out", choices=SCOPES, default=Scope.EMAIL.value)
    lasts = SelectField("For", choices=LENGTHS, default="month")
    reason = StringField(
        "Reason",
        [InputRequired("Whoever meets the ban is told why."), Length(max=300)],
        description="Shown to whoever meets the ban. Name nobody in it.",
    )
    with_spam = BooleanField("Also mark this as spam", default=True)

    def draft(self, blog_id: int) -> BanDraft:
        """The ban as it was filled in."""
        return BanDraft(blog_id, Scope(self.scope.data), self.reason.data or "", self.lasts.data)


def mark_of(value: str) -> Mark:
    """`123.4` as a mark; raises `Stale`."""
    found = _MARK.fullmatch(value)
    if found is None:
        raise Stale
    return Mark(int(found[1]), int(found[2]))
