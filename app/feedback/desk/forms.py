"""What the desk of the room sends, beside what all moderators do."""

import re

from wtforms import EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from app.core.errors import Conflict
from app.core.privacy import explain
from app.core.web import MemberForm
from app.desk import ListForm, Mark, Stale, mark_of

from ..cards import KINDS
from ..erasing import was_erased
from ..models import LONGEST_EMAIL, LONGEST_NAME, LONGEST_TEXT, Feedback, Kind
from .entering import Entry

_WORDS = re.compile(r"([0-9a-f]{64})\.([0-9]{1,9})")

#: What words can be used for, and how many of them.
LONGEST = {"decline": 500, "note": 1_000}


class HasChanged(Conflict):
    """A feedback that is no longer what the administrator read."""

    title = "This feedback has changed"
    message = "Its sender or somebody else changed it after you opened the page."
    advice = "Open it again to see how it stands. Nothing was published."


class ItemForm(ListForm):
    """An act on one feedback as it was read, or on one of its wordings."""

    mark = HiddenField()
    words = HiddenField()

    def must_fit(self, feedback: Feedback) -> None:
        """Raise `Stale` for a form that is not ours, `HasChanged` for one read before a change."""
        self.must_hold()
        seen = mark_of(self.mark.data or "")
        if seen.id != feedback.id:
            raise Stale
        if seen.revision != feedback.revision:
            raise HasChanged

    def seen_words(self) -> tuple[bytes, int]:
        """The hash of the wording it is about and the number of its grant; raises `Stale`."""
        found = _WORDS.fullmatch(self.words.data or "")
        if found is None:
            raise Stale
        return bytes.fromhex(found[1]), int(found[2])


class EntryForm(MemberForm):
    """A request that came by support mail, as an administrator types it in."""

    kind = RadioField(
        "What it is",
        choices={kind.value: label for kind, label in KINDS.items()},
        default=Kind.PROBLEM.value,
    )
    text = TextAreaField(
        "Their words",
        [InputRequired("Put in what they wrote."), Length(max=LONGEST_TEXT)],
        description="Only what they wrote about us. Leave out signatures and quoted mail.",
        render_kw={"rows": 10},
    )
    name = StringField("Their name", [Optional(), Length(max=LONGEST_NAME)])
    email = EmailField(
        "Their email",
        [Optional(), Email("That is not an email address."), Length(max=LONGEST_EMAIL)],
        description=explain(Feedback.sender_email),
        render_kw={"autocomplete": "off"},
    )

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse what its sender has erased."""
        if was_erased(self._words()):
            raise ValidationError("Whoever wrote this has erased it. It cannot be kept again.")

    def entry(self) -> Entry:
        """The request as it was typed in."""
        return Entry(
            kind=Kind(self.kind.data),
            text=self._words(),
            name=(self.name.data or "").strip() or None,
            email=(self.email.data or "").strip() or None,
        )

    def _words(self) -> str:
        return (self.text.data or "").replace("\r\n", "\n").strip()


class AnswerForm(ListForm):
    """An official answer, or another wording that the sender is to agree to."""

    text = TextAreaField(
        "Your words", [InputRequired("Write something first."), Length(max=LONGEST_TEXT)]
    )

    def words(self) -> str:
        """What was written."""
        return (self.text.data or "").replace("\r\n", "\n").strip()

    def validate_text(self, field: TextAreaField) -> None:
        """Blanks are no words."""
        if not (field.data or "").strip():
            raise ValidationError("Write something first.")

    def problem(self) -> str:
        """The first thing that is wrong."""
        return next((error for errors in self.errors.values() for error in errors), "")


class WordsForm(ListForm):
    """A reason for declining, or a note."""

    mark = HiddenField()
    way = HiddenField()
    text = TextAreaField("Your words", [Length(max=LONGEST_TEXT)])

    def validate_text(self, field: TextAreaField) -> None:
        """Declining may go without words, a note may not."""
        if self.way.data not in LONGEST:
            raise ValidationError("Choose what your words are for.")
        most = LONGEST[self.way.data]
        if not (field.data or "").strip() and self.way.data != "decline":
            raise ValidationError("Write something first.")
        if len(field.data or "") > most:
            raise ValidationError(f"At most {most:,} characters.")

    def seen(self) -> Mark:
        """The feedback as its page was read; raises `Stale`."""
        return mark_of(self.mark.data or "")

    def problem(self) -> str | None:
        """The first thing that is wrong."""
        return next((error for errors in self.errors.values() for error in errors), None)
