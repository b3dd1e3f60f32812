"""The two kinds of forms: for anyone, without a token, and for members, with one.

Both take their text cleaned. A form never loses what was typed: a token that is too old,
or of a session that ended, is an error of the form like any other.
"""

import logging
import unicodedata
from collections.abc import Callable
from typing import Any, ClassVar

from flask import Response, current_app, g, request
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.csrf.core import CSRF
from wtforms.validators import StopValidation, ValidationError

from app.core import clock
from app.core.errors import Forbidden

from .signing import is_signed, sign
from .texts import clean_line, clean_text
from .viewing import viewer

log = logging.getLogger(__name__)

TOKEN_SECONDS = 12 * 3600
STALE = "This page had been open for too long. Nothing is lost: look it over and send it again."

#: Label by name of every field for long text; what a refusal gives back to be copied.
LONG_FIELDS: dict[str, str] = {}
#: Names of fields whose content no page ever holds.
SECRET_FIELDS = {"csrf_token"}


#: The browser's own limit would cut a pasted text without a word.
UNCUT = {"maxlength": False}


class SessionToken(CSRF):
    """A token bound to the session and to a time, kept nowhere."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        """A token for the session at work."""
        return session_token()

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Raise `ValidationError` unless the token is of this session and not too old."""
        if not is_token(field.data):
            raise ValidationError(STALE)


class _Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        csrf = False
        csrf_class = SessionToken
        csrf_field_name = "csrf_token"

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Every field for text cleans what comes in, except passwords."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                clean = clean_text if issubclass(kind, TextAreaField) else clean_line
                own = unbound_field.kwargs.get("filters", ())
                options = options | {"filters": [_if_text(clean), *own]}
            return super().bind_field(form, unbound_field, options)

    def __init__(self, formdata: Any = None, **more: Any) -> None:
        # The sent fields and nothing else: a body of another kind, such as JSON, is no form.
        sent = request.form if request.method == "POST" else None
        super().__init__(formdata=sent if formdata is None else formdata, **more)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, field in vars(cls).items():
            kind = getattr(field, "field_class", object)
            if issubclass(kind, TextAreaField):
                label = field.args[0] if field.args else field.kwargs.get("label")
                # One name in two forms: which of them was sent is not known any more.
                is_clear = label and LONG_FIELDS.get(name, label) == label
                LONG_FIELDS[name] = label if is_clear else "Your text"
            if issubclass(kind, PasswordField):
                SECRET_FIELDS.add(name)


class PublicForm(_Form):
    """A form for anyone. A token would need a cookie; the origin check stands in for it."""


class MemberForm(_Form):
    """A form of a private page, with a token that only the viewer's own session accepts."""

    class Meta(_Form.Meta):
        csrf = True


class Told:
    """Sentences in a row, put together when they are shown."""

    def __init__(self, *sentences: object) -> None:
        self.sentences = sentences

    def __str__(self) -> str:
        """The sentences."""
        return " ".join(map(str, self.sentences))


class Visible:
    """Refuses a text without a letter, digit or sign that anybody could see."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise `StopValidation` for an empty or invisible text."""
        if not any(unicodedata.category(letter)[0] in "LNPS" for letter in field.data or ""):
            raise StopValidation(self.message)


def stripped(text: str | None) -> str | None:
    """A filter for texts of several lines: nothing at either end."""
    return text.strip() if text else text


def session_token() -> str:
    """A token for the session at work."""
    expires = str(int(clock.now().timestamp()) + TOKEN_SECONDS)
    return f"{expires}.{sign('csrf', _message(expires))}"


def is_token(value: str | None) -> bool:
    """Whether a token is of the session at work, and not too old."""
    g.token_checked = True
    expires, _, signature = (value or "").partition(".")
    is_ours = is_signed("csrf", _message(expires), signature)
    return is_ours and int(expires) >= clock.now().timestamp()


def check_token() -> None:
    """For views that are one button and have no form: refuse a token that is not good."""
    if not is_token(request.form.get("csrf_token")):
        raise Forbidden(STALE, advice="Go back, reload the page, and press the button again.")


class TokenUnchecked(RuntimeError):
    """A view for members took a form without asking for its token."""


def guard_token(response: Response) -> Response:
    """Raise `TokenUnchecked` under test for a POST that was taken without its token."""
    is_taken = request.method == "POST" and response.status_code < 400
    if is_taken and "is_admitted" in g and "token_checked" not in g:
        if current_app.testing:
            raise TokenUnchecked(f"{request.endpoint} took a form without its token")
        log.error("form taken without token", extra={"endpoint": request.endpoint})
    return response


def _message(expires: str) -> str:
    return f"{viewer().session_id}.{expires}"


def _if_text(clean: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: clean(value) if isinstance(value, str) else value
