"""Each field of a public form that fills a personal column says who sees it, how long, and why."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

import app as product
from app.accounts.models import User
from app.comments import Comment
from app.core.privacy import explain
from app.core.web import PublicForm
from app.feedback.models import Feedback
from app.feedback.records import Answer, Grant, Wording
from app.moderation import Report
from app.rights.models import Request

#: What each field of a form fills. A field that stores nothing about anybody says why.
FILLS: dict[str, Any] = {
    **dict.fromkeys(("FirstOwnerForm.username", "SignUpForm.username"), User.username),
    "JoinByInvitationForm.username": User.username,
    **dict.fromkeys(("FirstOwnerForm.email", "SignUpForm.email"), User.email),
    **dict.fromkeys(
        (f"{form}.password" for form in ("FirstOwnerForm", "JoinForm", "ResetForm")),
        User.password_hash,
    ),
    "JoinByInvitationForm.password": User.password_hash,
    "CommentForm.name": Comment.author_name,
    "CommentForm.email": Comment.author_email,
    "CommentForm.text": Comment.text,
    "CommentForm.wants_replies": Comment.wants_replies,
    "EditForm.text": Comment.text,
    "ReportForm.text": Report.text,
    "ReportForm.email": Report.email,
    **{f"{form}.text": Feedback.text for form in ("FeedbackForm", "ContactForm")},
    **{f"{form}.name": Feedback.sender_name for form in ("FeedbackForm", "ContactForm")},
    **{f"{form}.email": Feedback.sender_email for form in ("FeedbackForm", "ContactForm")},
    "AskForm.email": Request.email,
    "AnswerForm.text": Answer.text,
    "PublishForm.text": Wording.text,
    "PublishForm.name": Grant.credit_line,
    "PublishForm.role": Grant.credit_line,
}
NOTHING = {
    "FirstOwnerForm.administers": "a role, given by the one who has it",
    "LogInForm.name": "compared, not stored",
    "LogInForm.password": "compared, not stored",
    "LogInForm.stays": "a cookie",
    "NameForm.name": "compared, not stored",
    "StepForm.code": "compared, not stored",
    "AskForm.wish": "a word from a list",
    "EraseForm.scope": "a word from a list",
    "CommentForm.subject": "a trap that nobody sees",
    "FeedbackForm.subject": "a trap that nobody sees",
    "ContactForm.subject": "a trap that nobody sees",
    "ReportForm.complaint": "a word from a list about a comment",
    "FeedbackForm.kind": "a word from a list about the text",
    "PublishForm.credit": "how much of the name below is shown",
    "PublishForm.leaks_are_meant": "asked once, not stored",
    "PublishForm.on_wall": "the grant itself, shown as a sentence beside it",
    "PublishForm.on_home": "the grant itself, shown as a sentence beside it",
}
#: Filled by the program.
HIDDEN = ("HiddenField", "CSRFTokenField")


@pytest.fixture(scope="module")
def fields(shipped: Flask) -> dict[str, str]:
    """The hint of every field of every public form of the program."""
    for module in pkgutil.walk_packages(product.__path__, "app."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    with shipped.test_request_context("/"):
        return {
            f"{form.__name__}.{field.short_name}": str(field.description)
            for form in every_form()
            for field in form()
            if field.type not in HIDDEN
        }


def every_form(of: type = PublicForm) -> Iterator[Any]:
    for form in of.__subclasses__():
        yield from every_form(form)
        if form.__module__.startswith("app."):
            yield form


@pytest.mark.promise("field-says-why")
def test_every_field_of_a_public_form_is_known(fields: dict[str, str]) -> None:
    assert fields.keys() - FILLS.keys() - NOTHING.keys() == set()
    assert (FILLS.keys() | NOTHING.keys()) - fields.keys() == set()


@pytest.mark.promise("field-says-why")
def test_every_field_that_fills_a_personal_column_says_who_how_long_and_why(
    shipped: Flask, fields: dict[str, str]
) -> None:
    with shipped.app_context():
        silent = [
            name for name, column in FILLS.items() if str(explain(column)) not in fields[name]
        ]
    assert silent == []
