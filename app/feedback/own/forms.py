"""What senders fill in on the private pages: which words may be public, how signed, and where."""

import json
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from app.core.privacy import explain
from app.core.web import UNCUT, PublicForm, Told, Visible, stripped
from app.moderation import leaks_in

from ..answering import LONGEST_ANSWER
from ..credits import LABELS, Signature, signature
from ..models import LONGEST_NAME, LONGEST_TEXT
from ..records import Answer, Credit, Grant, Wording
from ..seals import hash_of


class PublishForm(PublicForm):
    """The second act. Nothing in it is ticked or chosen beforehand."""

    text = TextAreaField(
        "The words that would be public",
        [
            Visible("Leave some words, or take it back instead."),
            Length(max=LONGEST_TEXT, message=f"At most {LONGEST_TEXT:,} characters, please."),
        ],
        id="publish-text",
        filters=[stripped],
        description=Told("You can leave out what is for us only.", explain(Wording.text)),
        render_kw={"rows": 7, **UNCUT},
    )
    credit = RadioField(
        "How shall it be signed?",
        [InputRequired("Choose how it is signed.")],
        choices={credit.value: LABELS[credit] for credit in LABELS},
        id="publish-credit",
    )
    name = StringField(
        "Your name",
        [Optional(), Length(max=LONGEST_NAME, message=f"At most {LONGEST_NAME} characters.")],
        id="publish-name",
        description=Told(
            "Only as much of it is shown as you chose above.", explain(Grant.credit_line)
        ),
        render_kw={"autocomplete": "name", **UNCUT},
    )
    role = StringField(
        "What you do",
        [Optional(), Length(max=LONGEST_NAME, message=f"At most {LONGEST_NAME} characters.")],
        id="publish-role",
        description=Told(
            "Such as “Gardener” or “Teacher in Bern”, if you chose that.",
            explain(Grant.credit_line),
        ),
        render_kw={"autocomplete": "organization-title", **UNCUT},
    )
    leaks_are_meant = BooleanField("What looks personal may be public", id="publish-leaks")
    on_wall = BooleanField("I agree", id="publish-wall")
    on_home = BooleanField("The home page may quote it.", id="publish-home")
    #: Which card was shown when the button was pressed.
    seen = HiddenField(id="publish-seen")

    def validate_credit(self, field: RadioField) -> None:
        """What it is signed with is there, and looks like nothing that is nobody's business."""
        try:
            line = self.signed().line
        except ValueError:
            what = "what you do" if field.data == Credit.ROLE else "your name"
            raise StopValidation(f"To sign it like that, write {what} below.") from None
        if leaks_in(line) or "@" in line:
            raise StopValidation("Sign it without an email address or number, please.")

    def signed(self) -> Signature:
        """The signature that was chosen; anonymous until then. Raises `ValueError`."""
        credit = Credit(self.credit.data) if self.credit.data in LABELS else Credit.ANONYMOUS
        return signature(credit, self.name.data or "", self.role.data or "")

    def signed_or_anonymous(self) -> Signature:
        """The signature to show: the one that was chosen, while something can be made of it."""
        try:
            signed = self.signed()
        except ValueError:
            return signature(Credit.ANONYMOUS)
        return signed if not self.credit.errors else signature(Credit.ANONYMOUS)

    def card_name(self, sentence: str) -> str:
        """A name for the card that these words and this signature make, and what goes with it."""
        signed = self.signed_or_anonymous()
        card = [self.text.data or "", str(signed.credit), signed.line, sentence]
        return hash_of(json.dumps(card)).hex()[:32]

    def agrees(self) -> bool:
        """Whether everything that has to be said was said; what is missing stands at its field."""
        if leaks_in(self.text.data or "") and not self.leaks_are_meant.data:
            self._miss(self.text, "Black out what looks personal, or say that it may be public.")
        if not self.on_wall.data:
            self._miss(self.on_wall, "Tick that you agree. Without that, nothing is public.")
        return not self.errors

    def _miss(self, field: Any, sentence: str) -> None:
        field.errors = [*field.errors, sentence]


class AnswerForm(PublicForm):
    """The sender's one answer."""

    text = TextAreaField(
        "Your answer",
        [
            Visible("Write your answer."),
            Length(max=LONGEST_ANSWER, message=f"At most {LONGEST_ANSWER:,} characters, please."),
        ],
        id="answer-text",
        filters=[stripped],
        description=Told("It is never public.", explain(Answer.text)),
        render_kw={"rows": 6, **UNCUT},
    )
