"""The forms of the register."""

from datetime import date

from flask import request
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts import email_or_none
from app.core import clock
from app.core.privacy.disclosures import (
    KINDS,
    LONGEST_AUTHORITY,
    LONGEST_COUNTRY,
    PARTS,
    Demand,
    Kind,
)
from app.core.web import UNCUT, MemberForm, Visible

from .papers import hash_of_paper, hash_of_text

LONGEST_SCOPE = 2_000
MOST_PEOPLE = 50
NOT_A_DAY = "Fill in a day such as 2026-11-24."


class PartsField(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DemandForm(MemberForm):
    """A demand as its paper says it."""

    kind = RadioField(
        "What it rests on",
        [InputRequired("Choose what the demand rests on.")],
        choices={kind.value: label for kind, label in KINDS.items()},
    )
    received_on = DateField(
        "Received on", [InputRequired(NOT_A_DAY)], description="The day it reached you."
    )
    authority = StringField(
        "Who asks",
        [Visible("Fill in the office that asks."), Length(max=LONGEST_AUTHORITY)],
        description="The office or court, not the person who signed.",
    )
    country = StringField("Country", [Visible("Fill in a country."), Length(max=LONGEST_COUNTRY)])
    scope = TextAreaField(
        "What is asked for, in its words",
        [Visible("Say what is asked for."), Length(max=LONGEST_SCOPE)],
        description="Sealed. Copied into the file that the authority gets, so that it can be "
        "compared with the paper.",
        render_kw={"rows": 5, **UNCUT},
    )
    emails = TextAreaField(
        "About whom",
        [Visible("Name at least one address.")],
        description=f"One email address a line, at most {MOST_PEOPLE}. Sealed, and shown under "
        "a mask afterwards.",
        render_kw={"rows": 3, "autocomplete": "off", "spellcheck": "false"},
    )
    parts = PartsField(
        "Which of their data",
        choices={part: words.capitalize() for part, words in PARTS.items()},
        description="Only what the paper asks for: nothing else can be in the file.",
    )
    from_on = DateField("From the day", [Optional()], description="Empty if the paper sets none.")
    until_on = DateField("Until the day", [Optional()])
    paper = FileField(
        "The paper itself",
        description="Its SHA-256 is kept and the file is not. At most 1 MB; of a larger one, "
        "give the hash below.",
    )
    paper_hash = StringField(
        "Or its SHA-256",
        [Length(max=200)],
        description="As the command sha256sum prints it.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = TextAreaField(
        "Why, if you act in good faith and without a demand",
        [Length(max=LONGEST_SCOPE)],
        description="Whose rights or safety are at stake, and why that cannot wait for a court.",
        render_kw={"rows": 4, **UNCUT},
    )
    barred_until = DateField(
        "Those named may not be told before",
        [Optional()],
        description="Only if the law or the paper forbids it. Without a day they are told as "
        "soon as something is given.",
    )

    def validate_received_on(self, field: DateField) -> None:
        """A paper came on a day that is over, and not in another age."""
        today = clock.now().date()
        if field.data is not None and not date(2000, 1, 1) <= field.data <= today:
            raise ValidationError("The day it was received is not in the future.")

    def validate_emails(self, field: TextAreaField) -> None:
        """Each line is an address."""
        lines = self.addresses()
        if len(lines) > MOST_PEOPLE:
            raise ValidationError(f"Name at most {MOST_PEOPLE} people in one entry.")
        for number, line in enumerate(lines, start=1):
            if email_or_none(line) is None:
                raise ValidationError(f"Address {number} is not an email address.")

    def validate_parts(self, field: PartsField) -> None:
        """Nothing that was not asked for can be given, so something must be."""
        if not field.data:
            raise ValidationError("Tick at least one kind of data.")

    def validate_until_on(self, field: DateField) -> None:
        """Days go forwards."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("The last day is before the first one.")

    def validate_paper_hash(self, field: StringField) -> None:
        """A demand has its paper; an act in good faith may have none."""
        if field.data and hash_of_text(field.data) is None:
            raise ValidationError("A SHA-256 has 64 digits from 0 to f.")
        if self.kind.data != Kind.GOOD_FAITH and self.document_hash() is None:
            raise ValidationError("Choose the file of the paper, or give its SHA-256.")

    def validate_reason(self, field: TextAreaField) -> None:
        """Good faith has its reason, in words; without one it would be a favour."""
        if self.kind.data == Kind.GOOD_FAITH and not (field.data or "").strip():
            raise ValidationError("Say in words why you act without a demand.")

    def validate_barred_until(self, field: DateField) -> None:
        """Silence has an end, which is still to come."""
        if field.data is not None and field.data <= clock.now().date():
            raise ValidationError("Silence ends on a day that is still to come.")

    def addresses(self) -> list[str]:
        """The addresses, each once."""
        lines = (self.emails.data or "").replace("\r\n", "\n").split("\n")
        return list(dict.fromkeys(line.strip().lower() for line in lines if line.strip()))

    def document_hash(self) -> bytes | None:
        """The hash of the paper, made from the file that came along if one did."""
        if self.paper_hash.data:
            return hash_of_text(self.paper_hash.data)
        sent = request.files.get(self.paper.name)
        if sent is None:
            return None
        sent.stream.seek(0)
        return hash_of_paper(sent.stream)

    def demand(self) -> Demand:
        """The demand as it was typed."""
        return Demand(
            kind=Kind(self.kind.data),
            received_on=self.received_on.data or date.min,
            authority=self.authority.data or "",
            country=self.country.data or "",
            scope=self.scope.data or "",
            parts=tuple(part for part in PARTS if part in (self.parts.data or ())),
            emails=tuple(self.addresses()),
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            reason=(self.reason.data or "").strip(),
            document_hash=self.document_hash(),
            barred_until=self.barred_until.data,
        )


class ReleaseForm(MemberForm):
    """What is given: all that was asked for, or a part of it."""

    how = RadioField(
        "What is given",
        choices={
            "all": "All that was asked for",
            "part": "Less than the paper asks for, as the entry is narrower",
        },
        default="all",
    )


class BarForm(MemberForm):
    """Until when those named may not be told."""

    until = DateField(
        "Those named may not be told before",
        [Optional()],
        description="Empty: they may be told at once.",
    )


class PressForm(MemberForm):
    """One button."""
