"""The forms of people and roles, and of the invitation that was mailed."""

from collections.abc import Iterable

from wtforms import EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.privacy import explain
from app.core.web import MemberForm, PublicForm

from .addresses import LONGEST_EMAIL
from .forms import JoinForm, SignUpForm, mailable
from .models import Invitation, Role
from .people import role_words
from .staff import BlogName

NO_ROLE = "none"
CHOOSE_ROLE = "Choose a role."


def role_of(word: str | None) -> Role | None:
    """The role a form names; `None` for no role, and for anything else."""
    return Role(word) if word in {role.value for role in Role} else None


class FindForm(MemberForm):
    """Somebody's exact username or email, which is sent and never stands in an address."""

    name = StringField(
        "Exact username or email",
        [InputRequired("Fill in a username or an email."), Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_EMAIL},
    )


class InviteForm(MemberForm):
    """Whom to invite, to which blog, as what."""

    email = EmailField(
        "Their email",
        [InputRequired("Fill in an email address."), mailable],
        description=explain(Invitation.email),
        render_kw={"autocomplete": "off", "maxlength": LONGEST_EMAIL},
    )
    blog = SelectField("Blog", coerce=int, validate_choice=True)
    role = RadioField("Role", [InputRequired(CHOOSE_ROLE)])

    def offer(self, blogs: Iterable[BlogName], roles: Iterable[Role]) -> None:
        """The blogs and roles the viewer may give."""
        self.blog.choices = [(blog.id, blog.title) for blog in blogs]
        self.role.choices = [(role.value, role_words(role)) for role in roles]


class RoleForm(MemberForm):
    """Which role a person is to have; only shown, the next page asks and changes it."""

    role = RadioField("Role", [InputRequired(CHOOSE_ROLE)])

    def offer(self, roles: Iterable[Role]) -> None:
        """The roles the viewer may give, and none."""
        self.role.choices = [
            *((role.value, role_words(role)) for role in roles),
            (NO_ROLE, role_words(None)),
        ]


class ChangeForm(MemberForm):
    """The change as it was read: what the role was, and what it becomes."""

    before = HiddenField()
    after = HiddenField()


class TakeForm(PublicForm):
    """Take an invitation with the account one has."""


class JoinByInvitationForm(PublicForm):
    """Take an invitation and open an account for it."""

    known_name = ""
    username = SignUpForm.username
    password = JoinForm.password
