"""Cookies: what a visitor was asked, what they answered, and what follows from it.

A browser that has answered nothing, or that asks not to be tracked, is refused nothing and
given nothing: no optional cookie is set and nothing optional is counted. Others may ask for
the choice that the headers of a request carry, and never for who made it. `visitor_days` and
`answers_between` are totals; `take_visitor_days` ends those whose time is over,
and `cookie_revision` numbers the question.
"""

from .choices import Choice
from .terms import choice_of, cookie_revision
from .visits import answers_between, take_visitor_days, visitor_days

__all__ = [
    "Choice",
    "answers_between",
    "choice_of",
    "cookie_revision",
    "take_visitor_days",
    "visitor_days",
]
