"""Stamps: a form's own word on when it was shown, signed and kept nowhere.

A bot that never saw the form has none, or a very young or very old one. That is a reason
to look again, never one to refuse: people leave tabs open and copy text between them.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from flask import request

from app.core import clock

from .access import PUBLIC, label_here
from .signing import is_signed, sign

YOUNGEST = timedelta(seconds=2)
OLDEST = timedelta(days=2)
#: Two hosts' clocks may differ by this much.
SKEW = timedelta(minutes=1)

Problem = Literal["missing", "forged", "young", "old"]


def stamp(form_name: str, subject: object) -> str:
    """The stamp for a form that is shown now, about one subject.

    A page that is the same for everybody gets that of the last full hour, so that its
    bytes stay the same too.
    """
    shown = clock.now()
    if request.method in ("GET", "HEAD") and label_here() == PUBLIC:
        shown = shown.replace(minute=0, second=0)
    moment = str(int(shown.timestamp()))
    return f"{moment}.{sign('stamp', _message(form_name, subject, moment))}"


def stamp_problem(form_name: str, subject: object, value: str | None) -> Problem | None:
    """What is odd about a stamp that came back, or `None`."""
    if not value:
        return "missing"
    moment, _, signature = value.partition(".")
    if not is_signed("stamp", _message(form_name, subject, moment), signature):
        return "forged"
    age = clock.now() - datetime.fromtimestamp(int(moment), UTC)
    if age < -SKEW:
        return "forged"
    if age < YOUNGEST:
        return "young"
    return "old" if age > OLDEST else None


def _message(form_name: str, subject: object, moment: str) -> str:
    return f"{form_name}\n{subject}\n{moment}"
