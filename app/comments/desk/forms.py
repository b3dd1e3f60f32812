"""What moderators of comments send, beside what all moderators do."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.desk import ListForm, Stale, mark_of

from ..models import LONGEST_TEXT
from .acts import Act
from .writing import LONGEST, Words


class AllForm(ListForm):
    """A decision on everything that a list holds."""

    do = HiddenField()
    seen = HiddenField()

    def act(self) -> Act:
        """The decision; raises `Stale` for none of ours."""
        if self.do.data not in set(Act):
            raise Stale
        return Act(self.do.data)


class WordsForm(ListForm):
    """A reply, a refusal with a reason, or a note."""

    mark = HiddenField()
    way = HiddenField()
    text = TextAreaField("Your words", [Length(max=LONGEST_TEXT)])

    def validate_text(self, field: TextAreaField) -> None:
        """A refusal may go without words, a reply and a note may not."""
        if self.way.data not in LONGEST:
            raise ValidationError("Choose what your words are for.")
        most = LONGEST[self.way.data]
        if not (field.data or "").strip() and self.way.data != "reject":
            raise ValidationError("Write something first.")
        if len(field.data or "") > most:
            raise ValidationError(f"At most {most:,} characters.")

    def words(self) -> Words:
        """What was written, and what for."""
        return Words(self.way.data or "", self.text.data or "", mark_of(self.mark.data or ""))

    def problem(self) -> str | None:
        """The first thing that is wrong."""
        return next((error for errors in self.errors.values() for error in errors), None)
