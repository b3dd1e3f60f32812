"""Which feedback a list of the desk shows: said by its address, and by nothing else."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from app.desk import (
    ListSieve,
    Unreadable,
    asked_of_all,
    from_microseconds,
    to_microseconds,
    word_of,
)

from ..models import Kind

_PLACE = re.compile(r"([01])-([0-9]{1,17})-([1-9][0-9]{0,8})")


class Shelf(enum.StrEnum):
    """The lists there are."""

    #: What moderators held, and what its sender agreed to publish and nobody approved yet.
    WAITING = "waiting"
    OPEN = "open"
    PUBLIC = "public"
    DECLINED = "declined"
    SPAM = "spam"
    ALL = "all"


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind the row that has these."""

    is_agreed: bool
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.is_agreed)}-{to_microseconds(self.at)}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Sieve(ListSieve):
    """One choice of feedback and where its page begins."""

    shelf: Shelf = Shelf.WAITING
    kind: Kind | None = None
    after: Place | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The sieve of an address; raises `Unreadable` rather than dropping a part of it."""
        return cls(
            **asked_of_all(given),
            shelf=word_of(Shelf, given.get("list", "")) or Shelf.WAITING,
            kind=word_of(Kind, given.get("kind", "")),
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

    def own_words(self) -> dict[str, str]:
        """The shelf, unless it is the first, and the kind."""
        return {
            "list": "" if self.shelf is Shelf.WAITING else self.shelf.value,
            "kind": self.kind.value if self.kind else "",
        }


def _place(value: str) -> Place | None:
    if not value:
        return None
    found = _PLACE.fullmatch(value)
    if found is None:
        raise Unreadable
    return Place(found[1] == "1", from_microseconds(found[2]), int(found[3]))
