"""What is asked of a person who wants something done with their data."""

from wtforms import EmailField, RadioField
from wtforms.validators import Email, InputRequired, Length

from app.core.privacy import explain
from app.core.web import UNCUT, PublicForm, Told

from .models import LONGEST_EMAIL, Request
from .wishes import OFFERED, WORDING, Wish


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
        choices={wish.value: WORDING[wish].label for wish in OFFERED},
        id="my-data-wish",
    )

    def wanted(self) -> tuple[str, Wish]:
        """The address and the wish."""
        return self.email.data or "", Wish(self.wish.data)
