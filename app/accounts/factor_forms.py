"""The forms of second factors, passkeys and the confidentiality agreement."""

from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.core.privacy import explain
from app.core.web import MemberForm, PublicForm

from .factors import Passkey
from .forms import ConfirmForm
from .models import Acceptance

LONGEST_LABEL = 60
LONGEST_NAME = 120
LONGEST_CODE = 40
NO_SCRIPT = (
    "Nothing came from a passkey. Passkeys need JavaScript in your browser; a code of your app "
    "does not."
)
_PLAIN = {"autocapitalize": "none", "spellcheck": "false", "maxlength": LONGEST_CODE}


def _code(label: str, hint: str) -> StringField:
    return StringField(
        label,
        [DataRequired("Fill in the code."), Length(max=LONGEST_CODE)],
        description=hint,
        render_kw={"autocomplete": "one-time-code", **_PLAIN},
    )


def _named(_form: Any, field: Any) -> None:
    """Something that can be read as a name; which one is between the person and the site."""
    if not any(letter.isalnum() for letter in field.data or ""):
        raise ValidationError("Type your name to give your word.")


class NewAppForm(MemberForm):
    """The first code of an app."""

    code = StringField(
        "Code from the app",
        [DataRequired("Fill in the six digits that the app shows."), Length(max=LONGEST_CODE)],
        description="Six digits; they change every 30 seconds.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", **_PLAIN},
    )


class ProofForm(MemberForm):
    """A code that shows a person still holds their second factor, before they change it."""

    code = _code("Code from your app, or a recovery code", "A recovery code is then spent.")


class ConfirmWithCodeForm(ConfirmForm):
    """It is still you: password and second factor, as at the log-in."""

    code = _code("Code from your app, or a recovery code", "A recovery code is then spent.")


class StepForm(PublicForm):
    """The second step of a log-in. The session is not open yet, so there is no token to ask for."""

    code = _code(
        "Code from your app, or a recovery code",
        "Six digits from the app, or one of the codes you wrote down.",
    )


class PressForm(MemberForm):
    """A button, and the token that shows it was pressed on our page."""


class PasskeyForm(MemberForm):
    """A new passkey: what the browser made, and what its person calls it."""

    label = StringField(
        "Name of this passkey",
        [DataRequired("Give the passkey a name."), Length(max=LONGEST_LABEL)],
        description=explain(Passkey.label),
        render_kw={"maxlength": LONGEST_LABEL, "autocomplete": "off"},
    )
    answer = HiddenField(validators=[InputRequired(NO_SCRIPT)])


class AnswerForm(MemberForm):
    """What a passkey answered, on a page for members."""

    answer = HiddenField(validators=[InputRequired(NO_SCRIPT)])


class PasskeyLogInForm(PublicForm):
    """What a passkey answered, before anybody is signed in."""

    answer = HiddenField(validators=[InputRequired(NO_SCRIPT)])


class AgreementForm(MemberForm):
    """A promise, signed with a typed name."""

    typed_name = StringField(
        "Your full name, in place of a signature",
        [Length(max=LONGEST_NAME), _named],
        description=explain(Acceptance.typed_name),
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )
