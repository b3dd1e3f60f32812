"""What is asked of a person who wants something done with their data."""

from wtforms import EmailField, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import Email, InputRequired, Length

from app.core.privacy import Scope, explain
from app.core.web import UNCUT, MemberForm, PublicForm, Told, Visible
from app.moderation import count_links

from .models import LONGEST_EMAIL, LONGEST_NAME, Request
from .wishes import WORDING, Wish


class AskForm(PublicForm):
    """An address, and what is wished for it."""

    email = EmailField(
        "Your email",
        [
            InputRequired("Give the address that it is about."),
            Length(max=LONGEST_EMAIL, message="That is longer than any email address."),
            Email("That is no email address. One looks like name@example.org."),
        ],
        id="my-data-email",
        description=Told(
            "The address that you commented, wrote to us or signed up with.",
            explain(Request.email),
        ),
        render_kw={"autocomplete": "email", **UNCUT},
    )
    wish = RadioField(
        "What would you like to do?",
        [InputRequired("Choose what you would like to do.")],
        choices={wish.value: wording.label for wish, wording in WORDING.items()},
        id="my-data-wish",
    )

    def wanted(self) -> tuple[str, Wish]:
        """The address and the wish."""
        return self.email.data or "", Wish(self.wish.data)


class _Erasing:
    """How much goes, and whether that is certain."""

    scope = RadioField(
        "What shall be erased?",
        [InputRequired("Choose what shall be erased.")],
        choices={
            Scope.ADDRESS.value: "My name and address only. What I wrote stays, unsigned.",
            Scope.EVERYTHING.value: "Everything: also what I wrote, and my account if I have one.",
        },
        id="erase-scope",
    )
    #: Set by the second page, which says what will go and that there is no way back.
    sure = HiddenField(id="erase-sure")


class EraseForm(_Erasing, PublicForm):
    """Erasing by a mailed link."""


class OwnEraseForm(_Erasing, MemberForm):
    """Erasing by somebody who is signed in."""


class _Naming:
    """The name that is right."""

    name = StringField(
        "The name that is right",
        [
            Visible("Write the name that is right."),
            Length(max=LONGEST_NAME, message=f"A name has at most {LONGEST_NAME} characters."),
        ],
        id="right-name",
        description="It takes the place of every name that you gave with what you wrote.",
        render_kw={"autocomplete": "name", **UNCUT},
    )

    def validate_name(self, field: StringField) -> None:
        """Refuse what would make an advertisement of a name that was let pass."""
        if count_links(field.data or ""):
            raise ValidationError("A name is no link.")


class NameForm(_Naming, PublicForm):
    """Correcting by a mailed link."""


class OwnNameForm(_Naming, MemberForm):
    """Correcting by somebody who is signed in."""
