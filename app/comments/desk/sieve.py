"""Which comments a list of the moderators shows: said by its address, and by nothing else.

A sieve never holds an email or an address. "By the same author as comment 12" says the same
without either, and can be kept, sent and bookmarked.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from app.core.errors import Malformed
from app.moderation import Look

from ..models import State

ANY = "all"
MOST_EXAMPLES = 40
LONGEST_TEXT = 100

_RULE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_IDS = re.compile(r"[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8}){0,39}")
_PLACE = re.compile(r"([0-9]{1,17})-([1-9][0-9]{0,8})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(Malformed):
    """A filter in the address makes no sense; guessing could show more than was asked for."""

    message = "This list cannot be shown: a part of its address says nothing we know."
    advice = "Start again from the list of waiting comments."


class Kinship(enum.StrEnum):
    """What comments may have in common with examples of them."""

    AUTHOR = "author"
    ADDRESS = "address"
    NEAR = "near"


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind the comment that has this moment and number."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """One choice of comments and where its page begins. `state` is `None` for all of them."""

    state: State | None = State.HELD
    blog: str = ""
    rule: str = ""
    #: What the sorter takes it for.
    look: Look | None = None
    has_link: bool = False
    is_reported: bool = False
    since: date | None = None
    until: date | None = None
    text: str = ""
    kinship: Kinship | None = None
    examples: tuple[int, ...] = ()
    after: Place | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The sieve of an address; raises `Unreadable` rather than dropping a part of it."""
        kinship, examples = _kin(given)
        return cls(
            state=_state(given.get("state", State.HELD.value)),
            blog=_matching(_SLUG, given.get("blog", "")),
            rule=_matching(_RULE, given.get("rule", "")),
            look=_look(given.get("looks", "")),
            has_link=_is_yes(given.get("links", "")),
            is_reported=_is_yes(given.get("reported", "")),
            since=_day(given.get("from", "")),
            until=_day(given.get("to", "")),
            text=_text(given.get("text", "")),
            kinship=kinship,
            examples=examples,
            after=_place(given.get("after", "")),
        )

    @property
    def is_oldest_first(self) -> bool:
        """What waits is shown in the order in which it came, the rest from its newest end."""
        return self.state is State.HELD

    @property
    def must_look_inside(self) -> bool:
        """Whether no index knows the answer, so that rows have to be read one by one."""
        return bool(self.rule or self.look or self.has_link or self.is_reported or self.text)

    @property
    def is_plain(self) -> bool:
        """Whether only blog and state are chosen, whose counts are kept."""
        return not (self.must_look_inside or self.since or self.until or self.kinship)

    def but(self, **changes: Any) -> Self:
        """The same with some parts changed, from its first page on."""
        return replace(self, **{"after": None} | changes)

    @property
    def query(self) -> str:
        """The part of the address after the question mark; empty for what waits."""
        return urlencode(list(self._words()))

    def _words(self) -> Iterator[tuple[str, str]]:
        state = self.state.value if self.state else ANY
        words = {
            "state": "" if self.state is State.HELD else state,
            "blog": self.blog,
            "rule": self.rule,
            "looks": self.look.value if self.look else "",
            "links": "yes" if self.has_link else "",
            "reported": "yes" if self.is_reported else "",
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "text": self.text,
            self.kinship.value if self.kinship else "": ".".join(map(str, self.examples)),
            "after": str(self.after) if self.after else "",
        }
        yield from ((name, value) for name, value in words.items() if name and value)


def _state(value: str) -> State | None:
    if value == ANY:
        return None
    try:
        return State(value)
    except ValueError:
        raise Unreadable from None


def _look(value: str) -> Look | None:
    try:
        return Look(value) if value else None
    except ValueError:
        raise Unreadable from None


def _matching(shape: re.Pattern[str], value: str) -> str:
    if value and not shape.fullmatch(value):
        raise Unreadable
    return value


def _is_yes(value: str) -> bool:
    if value not in ("", "yes"):
        raise Unreadable
    return value == "yes"


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        raise Unreadable from None
    # A list ends where the next day begins.
    if day == date.max:
        raise Unreadable
    return day


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT or not value.isprintable():
        raise Unreadable
    return value.strip()


def _kin(given: Mapping[str, str]) -> tuple[Kinship | None, tuple[int, ...]]:
    asked = [(kind, given[kind.value]) for kind in Kinship if given.get(kind.value)]
    if len(asked) > 1:
        raise Unreadable
    if not asked:
        return None, ()
    kind, ids = asked[0]
    return kind, tuple(map(int, _matching(_IDS, ids).split(".")))


def _place(value: str) -> Place | None:
    if not value:
        return None
    found = _PLACE.fullmatch(value)
    if found is None:
        raise Unreadable
    return Place(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
