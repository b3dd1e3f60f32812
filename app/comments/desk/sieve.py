"""Which comments a list of the moderators shows: said by its address, and by nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from app.desk import (
    ListSieve,
    Unreadable,
    asked_of_all,
    from_microseconds,
    matching,
    to_microseconds,
    word_of,
)
from app.moderation import Look

from ..models import State

ANY = "all"

_RULE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_PLACE = re.compile(r"([0-9]{1,17})-([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind the comment that has this moment and number."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{to_microseconds(self.at)}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Sieve(ListSieve):
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
    after: Place | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The sieve of an address; raises `Unreadable` rather than dropping a part of it."""
        return cls(
            **asked_of_all(given),
            state=_state(given.get("state", State.HELD.value)),
            blog=matching(_SLUG, given.get("blog", "")),
            rule=matching(_RULE, given.get("rule", "")),
            look=word_of(Look, given.get("looks", "")),
            has_link=_is_yes(given.get("links", "")),
            is_reported=_is_yes(given.get("reported", "")),
            since=_day(given.get("from", "")),
            until=_day(given.get("to", "")),
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

    def own_words(self) -> dict[str, str]:
        """The state, unless it is the first, and whatever else comments are asked for."""
        state = self.state.value if self.state else ANY
        return {
            "state": "" if self.state is State.HELD else state,
            "blog": self.blog,
            "rule": self.rule,
            "looks": self.look.value if self.look else "",
            "links": "yes" if self.has_link else "",
            "reported": "yes" if self.is_reported else "",
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }


def _state(value: str) -> State | None:
    if value == ANY:
        return None
    try:
        return State(value)
    except ValueError:
        raise Unreadable from None


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


def _place(value: str) -> Place | None:
    if not value:
        return None
    found = _PLACE.fullmatch(value)
    if found is None:
        raise Unreadable
    return Place(from_microseconds(found[1]), int(found[2]))
