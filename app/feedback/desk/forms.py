"""What the desk of the room sends, beside what all moderators do."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from app.desk import ListForm, Mark, mark_of

from ..models import LONGEST_TEXT

#: What words can be used for, and how many of them.
LONGEST = {"decline": 500, "note": 1_000}


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
