"""Which feedback a list of the desk shows: said by its address, and by nothing else.

As with comments, "by the same sender as number 12" stands in for an email or an address,
which no address of ours holds.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from app.core.errors import Malformed

from ..models import Kind

LONGEST_TEXT = 100

Word = TypeVar("Word", bound=enum.StrEnum)

_IDS = re.compile(r"[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8}){0,39}")
_PLACE = re.compile(r"([01])-([0-9]{1,17})-([1-9][0-9]{0,8})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(Malformed):
    """A filter in the address makes no sense; guessing could show more than was asked for."""

    message = "This list cannot be shown: a part of its address says nothing we know."
    advice = "Start again from the list of waiting feedback."


class Shelf(enum.StrEnum):
    """The lists there are."""

    #: What moderators held, and what its sender agreed to publish and nobody approved yet.
    WAITING = "waiting"
    OPEN = "open"
    PUBLIC = "public"
    DECLINED = "declined"
    SPAM = "spam"
    ALL = "all"


class Kinship(enum.StrEnum):
    """What feedback may have in common with examples of it."""

    AUTHOR = "author"
    ADDRESS = "address"
    NEAR = "near"


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind the row that has these."""

    is_agreed: bool
    at: datetime
    id: int

    def __str__(self) -> str:
        micros = (self.at - _EPOCH) // timedelta(microseconds=1)
        return f"{int(self.is_agreed)}-{micros}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """One choice of feedback and where its page begins."""

    shelf: Shelf = Shelf.WAITING
    kind: Kind | None = None
    text: str = ""
    kinship: Kinship | None = None
    examples: tuple[int, ...] = ()
    after: Place | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The sieve of an address; raises `Unreadable` rather than dropping a part of it."""
        kinship, examples = _kin(given)
        return cls(
            shelf=_one_of(Shelf, given.get("list", "")) or Shelf.WAITING,
            kind=_one_of(Kind, given.get("kind", "")),
            text=_text(given.get("text", "")),
            kinship=kinship,
            examples=examples,
            after=_place(given.get("after", "")),
        )

    @property
    def is_oldest_first(self) -> bool:
        """What waits is shown in the order in which it came, the rest from its newest end."""
        return self.shelf is Shelf.WAITING

    @property
    def is_plain(self) -> bool:
        """Whether only a shelf is chosen, whose number is known."""
        return not (self.kind or self.text or self.kinship)

    def but(self, **changes: Any) -> Self:
        """The same with some parts changed, from its first page on."""
        return replace(self, **{"after": None} | changes)

    @property
    def query(self) -> str:
        """The part of the address after the question mark; empty for what waits."""
        return urlencode(list(self._words()))

    def _words(self) -> Iterator[tuple[str, str]]:
        words = {
            "list": "" if self.shelf is Shelf.WAITING else self.shelf.value,
            "kind": self.kind.value if self.kind else "",
            "text": self.text,
            self.kinship.value if self.kinship else "": ".".join(map(str, self.examples)),
            "after": str(self.after) if self.after else "",
        }
        yield from ((name, value) for name, value in words.items() if name and value)


def _one_of(words: type[Word], value: str) -> Word | None:
    if not value:
        return None
    try:
        return words(value)
    except ValueError:
        raise Unreadable from None


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
    if not _IDS.fullmatch(ids):
        raise Unreadable
    return kind, tuple(map(int, ids.split(".")))


def _place(value: str) -> Place | None:
    if not value:
        return None
    found = _PLACE.fullmatch(value)
    if found is None:
        raise Unreadable
    at = _EPOCH + timedelta(microseconds=int(found[2]))
    return Place(found[1] == "1", at, int(found[3]))
