"""What visitors are asked, in which words, and since when: the terms of the running site."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask, current_app
from werkzeug.datastructures import Headers

from app.core.registry import Category, Cookie
from app.core.web import running_name

from .choices import Choice, Terms, read_choice

#: Where everything about cookies is; the receipt's cookie is sent nowhere else.
HOME = "/privacy/cookies/"
LIFE = timedelta(days=182)

CHOICE = Cookie(
    name="choice",
    category=Category.NECESSARY,
    purpose="Holds your answer about cookies, and the colours if you had them remembered. It is "
    "the same for everybody who answered the same.",
    life=LIFE,
    read_by="every page, to know what it may do and in which colours",
)
RECEIPT = Cookie(
    name="receipt",
    category=Category.NECESSARY,
    purpose="Holds the number of the receipt for your answer, so that you can see it here.",
    life=LIFE,
    path=HOME,
    read_by="the page of cookie choices only",
)
SEEN = Cookie(
    name="seen",
    category=Category.MEASUREMENT,
    purpose="Holds the day of your last visit, so that a visitor who returns counts as one.",
    life=timedelta(days=31),
    read_by="the counter of visitors, once a day",
)


@dataclass(frozen=True)
class Purpose:
    """What agreeing to a category would do; completes "Cookies may be used to ..."."""

    title: str
    purpose: str


PURPOSES: Mapping[str, Purpose] = {
    Category.PREFERENCES: Purpose("Preferences", "remember the colours you choose"),
    Category.MEASUREMENT: Purpose(
        "Measurement", "count new and returning visitors by the day of their last visit"
    ),
}
REFUSE, ACCEPT = "Refuse optional cookies", "Accept optional cookies"


@dataclass(frozen=True)
class Revision:
    """A state of what is asked. A new one is needed, and asks everybody again, when a category,
    a purpose or a reader is added; `news` tells what changed."""

    number: int
    since: date
    news: str


REVISIONS = (Revision(1, date(2026, 11, 24), "The question was asked for the first time."),)
CURRENT = REVISIONS[-1]


def cookie_revision() -> int:
    """The number of the question that is asked now."""
    return CURRENT.number


@dataclass(frozen=True)
class Wording:
    """The question as the banner asks it."""

    name: str
    question: str
    offered: tuple[str, ...]
    news: str | None = None
    refuse: str = REFUSE
    accept: str = ACCEPT

    @property
    def text(self) -> str:
        """Every word of it, in the order in which it is read."""
        parts = (self.name, self.question, self.news, self.refuse, self.accept)
        return "\n".join(part for part in parts if part)

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, by which a receipt names it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def wording(site: str, offered: tuple[str, ...]) -> Wording:
    """The question for the categories that a site offers."""
    purposes = [f"{PURPOSES[name].purpose} ({PURPOSES[name].title.lower()})" for name in offered]
    question = (
        f"Nothing optional is on. May cookies {', and '.join(purposes)}? "
        "They hold nothing that tells you from other visitors."
    )
    news = f"New since {CURRENT.since:%-d %B %Y}: {CURRENT.news}" if CURRENT.number > 1 else None
    return Wording(f"Cookies on {site}", question, offered, news)


def terms_of(app: Flask) -> Terms:
    """The terms on which an app reads choices."""
    is_secure = app.config["BASE_URL"].startswith("https://")
    return Terms(
        cookie=running_name(CHOICE, secure=is_secure),
        revision=CURRENT.number,
        offered=frozenset(app.config["OPTIONAL_COOKIES"]),
    )


def choice_of(headers: Headers) -> Choice:
    """What the visitor behind these headers agreed to; nothing, where nothing can be read."""
    kept = current_app.extensions
    if "consent.terms" not in kept:
        kept["consent.terms"] = terms_of(current_app)
    return read_choice(headers, kept["consent.terms"])
