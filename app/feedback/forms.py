"""What a sender fills in first: what it is, what they say, and who they are if they like."""

from wtforms import EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.privacy import explain
from app.core.web import UNCUT, PublicForm, Told, Visible, stripped

from .models import LONGEST_EMAIL, LONGEST_NAME, LONGEST_TEXT, Feedback, Kind
from .sending import Draft

_CHOICES = {
    Kind.PRAISE: "Praise: something is good",
    Kind.PROBLEM: "A problem: something does not work",
    Kind.IDEA: "An idea: something is missing",
    Kind.QUESTION: "A question",
}


class FeedbackForm(PublicForm):
    """Feedback on its way. Only kind and text are needed."""

    kind = RadioField(
        "What is it?",
        [InputRequired("Choose what it is.")],
        choices={kind.value: label for kind, label in _CHOICES.items()},
        id="feedback-kind",
    )
    text = TextAreaField(
        "What do you want to tell us?",
        [
            Visible("Write what you want to tell us."),
            Length(max=LONGEST_TEXT, message=f"At most {LONGEST_TEXT:,} characters, please."),
        ],
        id="feedback-text",
        filters=[stripped],
        description=Told(explain(Feedback.text)),
        render_kw={"rows": 9, **UNCUT},
    )
    name = StringField(
        "Your name",
        [
            Optional(),
            Length(max=LONGEST_NAME, message=f"A name has at most {LONGEST_NAME} characters."),
        ],
        id="feedback-name",
        description=Told(explain(Feedback.sender_name)),
        render_kw={"autocomplete": "name", **UNCUT},
    )
    email = EmailField(
        "Your email",
        [
            Optional(),
            Length(max=LONGEST_EMAIL, message="That is longer than any email address."),
            Email("That is no email address. One looks like name@example.org."),
        ],
        id="feedback-email",
        description=Told(
            explain(Feedback.sender_email), "We ask it once, by mail, whether it is yours."
        ),
        render_kw={"autocomplete": "email", **UNCUT},
    )
    stamp = HiddenField(id="feedback-stamp")
    check = HiddenField(id="feedback-check")
    #: People do not see it. Whoever fills it in is asked to look again.
    subject = StringField(
        "Leave this field empty",
        id="feedback-subject",
        render_kw={"autocomplete": "off", "tabindex": "-1"},
    )

    def draft(self) -> Draft:
        """What was written."""
        return Draft(
            kind=Kind(self.kind.data),
            text=self.text.data or "",
            name=self.name.data or None,
            email=self.email.data or None,
        )
