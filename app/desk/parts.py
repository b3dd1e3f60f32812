"""Small things that moderators' pages are made of: tabs, links, buttons, and the way back."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from app.core.privacy import Viewer
from app.moderation import CLAIMED_FOR

from .wording import age

UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Tab:
    """One state, its number of items, and its list."""

    to: str
    label: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Link:
    """Words and where they lead."""

    to: str
    label: str


@dataclass(frozen=True)
class Chip:
    """One part of a filter, and the list without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Button:
    """One act that is possible now."""

    name: str
    label: str
    tone: str


@dataclass(frozen=True)
class Tally:
    """A number in words, and the list of what it counts; no list where the viewer may not ask."""

    total: int = 0
    sentence: str = ""
    to: str | None = None


@dataclass(frozen=True)
class Author:
    """What is known of who wrote an item; of an email and an address no more than masks."""

    email_mask: str
    is_proved: bool
    address_mask: str
    history: Tally
    same_address: Tally
    neighbours: Tally
    ban: str | None


@dataclass(frozen=True)
class Claimed:
    """Somebody said that they are looking at an item."""

    sentence: str
    is_own: bool


@dataclass(frozen=True)
class Strip:
    """What was just done; with the number of its batch while it can be taken back."""

    sentence: str
    tone: str = "ok"
    batch: str | None = None
    left: str = ""
    seconds: int = 0


def strip_of(name: uuid.UUID, what: str, since: datetime, *, at: datetime) -> Strip:
    """The strip of an act that was done at some moment: what, and how long it can be undone."""
    seconds = int((since + UNDO_FOR - at).total_seconds())
    time = f"{seconds // 60} min {seconds % 60} s left"
    return Strip(what, batch=str(name), left=time, seconds=seconds)


def left_alone(number: str) -> str:
    """A sentence about those that a bulk act did not touch; empty without any."""
    if not number.isdecimal() or len(number) > 5:
        return ""
    many = f"{int(number):,} had changed meanwhile and were left as they are."
    return "One had changed meanwhile and was left as it is." if number == "1" else many


def act_named(done: str) -> uuid.UUID | None:
    """The name of an act that an address carries, or `None`."""
    try:
        return uuid.UUID(done)
    except ValueError:
        return None


def ban_sentence(until: datetime | None, *, at: datetime) -> str | None:
    """What is said of somebody who is or was banned; `None` for nobody."""
    if until is None:
        return None
    return f"{'banned' if until > at else 'was banned'} nearby until {until:%-d %B %Y}"


def claim_on(
    who: str | None, since: datetime | None, viewer: Viewer, *, settled_at: datetime, at: datetime
) -> Claimed | None:
    """Who is looking at an item; `None` once that is long ago, or something was decided since."""
    if who is None or since is None or since <= max(at - CLAIMED_FOR, settled_at):
        return None
    if who == viewer.username:
        return Claimed("You are looking at this", is_own=True)
    passed = age(since, at)
    doing = "is looking at this"
    if passed != "just now":
        doing = f"has been looking at this for {passed.removesuffix(' ago')}"
    return Claimed(f"{who} {doing}", is_own=False)


def next_after(ids: list[int], decided: set[int]) -> int | None:
    """The item that stood behind those decided on, or else the last one before them."""
    last = max((place for place, id in enumerate(ids) if id in decided), default=-1)
    behind = [id for id in ids[last + 1 :] if id not in decided]
    before = [id for id in ids[: last + 1] if id not in decided]
    return behind[0] if behind else before[-1] if before else None


def order_of(written: str | None) -> list[int]:
    """The numbers of a list's rows, as its form carries them."""
    words = (written or "").split(".")
    return [int(word) for word in words if word.isdecimal() and len(word) < 18]


def told(address: str, **words: object) -> str:
    """An address with what its page is to tell."""
    query = urlencode({name: value for name, value in words.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
