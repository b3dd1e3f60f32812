"""The forms of signing up, signing in and one's own account."""

from typing import Any

from flask import current_app
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.core.privacy import explain
from app.core.web import MemberForm, PublicForm, Told, page_part

from .addresses import LONGEST_EMAIL, LONGEST_USERNAME, email_or_none, username_problem
from .models import User
from .passwords import LONGEST, SHORTEST, problem_with


def fit_username(_form: Any, field: Any) -> None:
    """A name that can be a username."""
    problem = username_problem(field.data or "")
    if problem:
        raise ValidationError(problem)


def mailable(_form: Any, field: Any) -> None:
    """An address that mail can be sent to."""
    if email_or_none(field.data or "") is None:
        raise ValidationError("That is not an email address we can write to; check its spelling.")


def good_password(form: Any, field: Any) -> None:
    """A password that is not the first to be guessed."""
    site = page_part("site").name
    words = [site, "clientflow", getattr(form, "known_name", "")]
    username = getattr(form, "username", None)
    if username is not None:
        words.append(username.data or "")
    problem = problem_with(field.data or "", words=words)
    if problem:
        raise ValidationError(problem)


def _username() -> StringField:
    return StringField(
        "Username",
        [InputRequired("Choose a username."), fit_username],
        description=Told("It need not be your real name.", explain(User.username)),
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": LONGEST_USERNAME,
        },
    )


def _email(label: str = "Email") -> EmailField:
    return EmailField(
        label,
        [InputRequired("Fill in your email address."), mailable],
        description=explain(User.email),
        render_kw={"autocomplete": "email", "maxlength": LONGEST_EMAIL},
    )


def _name() -> StringField:
    return StringField(
        "Username or email",
        [InputRequired("Fill in your username or email."), Length(max=LONGEST_EMAIL)],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": LONGEST_EMAIL,
        },
    )


def _current_password(label: str = "Current password") -> PasswordField:
    return PasswordField(
        label,
        [InputRequired("Fill in your password."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST},
    )


def _new_password(*checks: Any, label: str = "New password") -> PasswordField:
    return PasswordField(
        label,
        [*checks, good_password],
        description=Told(
            f"At least {SHORTEST} characters of any kind; a few words in a row do well.",
            explain(User.password_hash),
        ),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST},
    )


class SignUpForm(PublicForm):
    """Username and address: all it takes."""

    username = _username()
    email = _email()


class LogInForm(PublicForm):
    """Name, password, and whether to stay."""

    next = HiddenField()
    name = _name()
    password = _current_password("Password")
    stays = BooleanField(
        "Stay signed in on this browser for 30 days",
        description="Sets a second cookie. Leave it off on a computer that others use.",
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if "preferences" not in current_app.config["OPTIONAL_COOKIES"]:
            # What would keep them signed in is a cookie that this site does without.
            del self.stays


class NameForm(PublicForm):
    """Whom a link should be mailed to."""

    name = _name()


class JoinForm(PublicForm):
    """The last step of signing up; the password may stay empty."""

    #: Whose password it becomes; set by the view before it validates.
    known_name = ""
    password = _new_password(Optional(), label="Password")


class ResetForm(PublicForm):
    """A new password by a mailed link."""

    #: Whose password it becomes; set by the view before it validates.
    known_name = ""
    password = _new_password(InputRequired("Choose a password."))


class PressForm(PublicForm):
    """Nothing to fill in: a button that does what a link is for."""


class FirstOwnerForm(PublicForm):
    """The account of whoever runs the site."""

    username = _username()
    email = _email()
    password = _new_password(InputRequired("Choose a password."), label="Password")
    administers = BooleanField(
        "Make me administrator of every blog as well",
        default=True,
        description=(
            "Administrators answer comments and may see who wrote them. Leave it off if others "
            "will do that: running the site does not need it."
        ),
    )


class ConfirmForm(MemberForm):
    """It is still you."""

    next = HiddenField()
    password = _current_password("Password")


class ProfileForm(MemberForm):
    """The name of the account."""

    username = _username()


class EmailForm(MemberForm):
    """Another address for the account."""

    email = _email("New email")


class PasswordForm(MemberForm):
    """A new password in place of the old one."""

    #: Whose password it becomes; set by the view before it validates.
    known_name = ""
    current = _current_password()
    password = _new_password(InputRequired("Choose a password."))


class FirstPasswordForm(MemberForm):
    """A password for an account that has had none."""

    #: Whose password it becomes; set by the view before it validates.
    known_name = ""
    password = _new_password(InputRequired("Choose a password."), label="Password")


class CloseForm(MemberForm):
    """The end of the account."""

    username = StringField(
        "Your username, to be sure",
        [InputRequired("Type your username.")],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    forgets_name = BooleanField(
        "Take my name off the answers I gave for a blog",
        description=(
            "What you wrote as a reader is not tied to the account: each comment has a page of its "
            "own, where you remove it."
        ),
    )
