"""A message to the site: the form of feedback without a choice of what it is."""

from typing import Any

from wtforms import Label

from ..forms import FeedbackForm
from ..models import Channel, Kind
from ..sending import Draft


class ContactForm(FeedbackForm):
    """A message on its way. Only the text is needed."""

    kind = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.text.label = Label(self.text.id, "Your message")

    def draft(self) -> Draft:
        """What was written; a message can never become public."""
        return Draft(
            kind=Kind.MESSAGE,
            channel=Channel.CONTACT,
            text=self.text.data or "",
            name=self.name.data or None,
            email=self.email.data or None,
        )
