"""The form as it stands on the contact page, empty or as it came back."""

from dataclasses import dataclass

from app.core.privacy import explain
from app.moderation import SecondLook

from ..models import Feedback
from .forms import ContactForm

#: What is signed about the form.
LOOK = SecondLook("contact", "site")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The form, and what became of it when it was sent."""

    form: ContactForm
    stamp: str
    #: Who sees the network address, and for how long.
    address_kept: str
    #: Whether something was odd about it, so that its sender is asked to look again.
    is_odd: bool = False
    #: The token of that second look.
    check: str | None = None


def letter(
    form: ContactForm | None = None, *, is_odd: bool = False, check: str | None = None
) -> Letter:
    """A form to show; without one that was sent, an empty one, the same for everybody."""
    form = form or ContactForm()
    return Letter(
        form=form,
        stamp=LOOK.stamp(form.stamp.data),
        address_kept=str(explain(Feedback.sender_ip)),
        is_odd=is_odd,
        check=check,
    )
