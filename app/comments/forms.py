"""What readers send: a comment, a change of one, a report."""

from typing import Any

from flask import current_app
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.privacy import explain
from app.core.web import UNCUT, PublicForm, Told, Visible, stripped
from app.moderation import COMPLAINTS, Report

from .models import LONGEST_EMAIL, LONGEST_NAME, LONGEST_TEXT, Comment
from .posting import Draft

LONGEST_REPORT = 1_000
_LIMIT = f"A comment has at most {LONGEST_TEXT:,} characters."


class CommentForm(PublicForm):
    """A comment on its way."""

    name = StringField(
        "Your name",
        [
            Visible("Write the name to show over your comment."),
            Length(max=LONGEST_NAME, message=f"A name has at most {LONGEST_NAME} characters."),
        ],
        id="comment-name",
        description=explain(Comment.author_name),
        render_kw={"autocomplete": "name", **UNCUT},
    )
    email = EmailField(
        "Your email",
        [
            Length(max=LONGEST_EMAIL, message="That is longer than any email address."),
            Email("That is no email address. One looks like name@example.org."),
        ],
        id="comment-email",
        description=Told(
            explain(Comment.author_email), "We ask it once, by mail, whether it is yours."
        ),
        render_kw={"autocomplete": "email", **UNCUT},
    )
    text = TextAreaField(
        "Your comment",
        [Visible("Write your comment."), Length(max=LONGEST_TEXT, message=_LIMIT)],
        id="comment-text",
        filters=[stripped],
        description=Told(
            "*Emphasis*, `code`, > quotes, - lists and links work.", explain(Comment.text)
        ),
        render_kw={"rows": 7, **UNCUT},
    )
    wants_replies = BooleanField(
        "Tell me by mail when somebody answers",
        id="comment-replies",
        description=Told(
            "Once you have confirmed that the address is yours.", explain(Comment.wants_replies)
        ),
    )
    parent = HiddenField(id="comment-parent")
    stamp = HiddenField(id="comment-stamp")
    check = HiddenField(id="comment-check")
    #: People do not see it. Whoever fills it in is asked to look again.
    subject = StringField(
        "Leave this field empty",
        id="comment-subject",
        render_kw={"autocomplete": "off", "tabindex": "-1"},
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if current_app.config["COMMENT_EMAIL"] == "required":
            needed = InputRequired("Write your email address. Only administrators can see it.")
        else:
            needed = Optional()
        self.email.validators = [needed, *self.email.validators]
        self.email.flags.required = isinstance(needed, InputRequired)
        self.email.flags.optional = isinstance(needed, Optional)

    def draft(self) -> Draft:
        """What was written."""
        return Draft(
            name=self.name.data or "",
            email=self.email.data or None,
            text=self.text.data or "",
            wants_replies=bool(self.wants_replies.data and self.email.data),
            parent_id=self.parent_id(),
        )

    def parent_id(self) -> int | None:
        """The number of the comment it answers, if one was named."""
        given = self.parent.data or ""
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else None


class EditForm(PublicForm):
    """A change of a comment's text."""

    text = TextAreaField(
        "Your comment",
        [Visible("Write your comment."), Length(max=LONGEST_TEXT, message=_LIMIT)],
        id="comment-text",
        filters=[stripped],
        description=explain(Comment.text),
        render_kw={"rows": 9, **UNCUT},
    )


class ReportForm(PublicForm):
    """A reader's word that a comment should not be there. Nothing about the reader is needed."""

    complaint = RadioField(
        "What is wrong with it?",
        [InputRequired("Choose what is wrong with it.")],
        choices={complaint.value: label for complaint, label in COMPLAINTS.items()},
        id="report-complaint",
    )
    text = TextAreaField(
        "Anything to add?",
        [
            Optional(),
            Length(max=LONGEST_REPORT, message=f"At most {LONGEST_REPORT:,} characters, please."),
        ],
        id="report-text",
        description=Told(
            "For something illegal: which law, and where in the comment.", explain(Report.text)
        ),
        render_kw={"rows": 5, **UNCUT},
    )
    email = EmailField(
        "Your email, to be told what came of it",
        [
            Optional(),
            Length(max=LONGEST_EMAIL, message="That is longer than any email address."),
            Email("That is no email address. One looks like name@example.org."),
        ],
        id="report-email",
        description=explain(Report.email),
        render_kw={"autocomplete": "email", **UNCUT},
    )
    stamp = HiddenField(id="report-stamp")
