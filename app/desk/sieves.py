"""What every moderators' list can be asked for by its address, and how that is read.

A sieve never holds an email or an address. "By the same author as number 12" says the same
without either, and can be kept, sent and bookmarked.
"""

import enum
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from app.core.errors import Malformed

LONGEST_TEXT = 100

Word = TypeVar("Word", bound=enum.StrEnum)

_IDS = re.compile(r"[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8}){0,39}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(Malformed):
    """A filter in the address makes no sense; guessing could show more than was asked for."""

    message = "This list cannot be shown: a part of its address says nothing we know."
    advice = "Start again from the list of what waits."


class Kinship(enum.StrEnum):
    """What items may have in common with examples of them."""

    AUTHOR = "author"
    ADDRESS = "address"
    NEAR = "near"


@dataclass(frozen=True, kw_only=True)
class ListSieve(ABC):
    """One choice of items and where its page begins; each list adds what else it can ask."""

    text: str = ""
    kinship: Kinship | None = None
    examples: tuple[int, ...] = ()
    after: Any = None

    @abstractmethod
    def own_words(self) -> dict[str, str]:
        """What this list adds, by its names in the address; empty where nothing is asked."""

    def but(self, **changes: Any) -> Self:
        """The same with some parts changed, from its first page on."""
        return replace(self, **{"after": None} | changes)

    @property
    def query(self) -> str:
        """The part of the address after the question mark; empty for what waits."""
        return urlencode(list(self._words()))

    def _words(self) -> Iterator[tuple[str, str]]:
        words = self.own_words() | {
            "text": self.text,
            self.kinship.value if self.kinship else "": ".".join(map(str, self.examples)),
            "after": str(self.after) if self.after else "",
        }
        yield from ((name, value) for name, value in words.items() if name and value)


def asked_of_all(given: Mapping[str, str]) -> dict[str, Any]:
    """The parts of an address that every list reads, but its place; raises `Unreadable`."""
    kinship, examples = _kin(given)
    return {"text": _text(given.get("text", "")), "kinship": kinship, "examples": examples}


def word_of(words: type[Word], value: str) -> Word | None:
    """The word that a value is, `None` for none; raises `Unreadable`."""
    if not value:
        return None
    try:
        return words(value)
    except ValueError:
        raise Unreadable from None


def matching(shape: re.Pattern[str], value: str) -> str:
    """A value that has a shape, or is empty; raises `Unreadable`."""
    if value and not shape.fullmatch(value):
        raise Unreadable
    return value


def to_microseconds(at: datetime) -> int:
    """A moment as it stands in an address."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: str) -> datetime:
    """The moment that a number in an address stands for."""
    return _EPOCH + timedelta(microseconds=int(number))


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
    return kind, tuple(map(int, matching(_IDS, ids).split(".")))
