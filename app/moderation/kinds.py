"""What a feature whose items are moderated tells about them, on its card."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.privacy import Viewer

from .models import Scope, Trust

#: States in which an item was found to be welcome, whether that makes it public or not.
ACCEPTED = frozenset({"shown", "open"})


@dataclass(frozen=True)
class PastItem:
    """An item of the past, for trying a word list out on it."""

    state: str
    text: str
    name: str


@dataclass(frozen=True)
class Waiting:
    """How many items wait for a decision, and since when the oldest does."""

    number: int
    since: datetime | None

    def age(self, at: datetime) -> timedelta | None:
        """How long the oldest has waited."""
        return at - self.since if self.since else None


@dataclass(frozen=True)
class ItemLine:
    """An item in one line: the address of its page for moderators, its state and its beginning."""

    address: str
    state: str
    excerpt: str


def _no_texts(_uids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {}


def _nothing_to_sort(_blog: int, _changes: int, _most: int) -> list[tuple[uuid.UUID, str]]:
    return []


@dataclass(frozen=True, kw_only=True)
class ModeratedKind:
    """Answers of the feature that keeps the items.

    Each function is given blogs that the viewer may moderate, and asks no further.
    """

    #: What `Submission.kind` and decisions call its items.
    name: str
    #: function(blog, since) -> items that were decided about, the newest first.
    past: Callable[[int, datetime], Iterator[PastItem]]
    #: function(blogs) -> what waits there.
    waiting: Callable[[frozenset[int]], Waiting]
    #: function(blog, scope, email or address) -> how many authors are known to share it.
    authors_there: Callable[[int, Scope, str], int]
    #: function(trust, since, viewer) -> how many of their items went back to the queue.
    requeue: Callable[[Trust, datetime, Viewer], int]
    #: function(uids) -> each item that is still there, for a line about it.
    items: Callable[[list[uuid.UUID]], dict[uuid.UUID, ItemLine]]
    #: function(uids) -> the words of those that still have any, for the sorter to learn from.
    texts: Callable[[list[uuid.UUID]], dict[uuid.UUID, str]] = _no_texts
    #: function(blog, changes, most) -> items that wait or are spam, with their words, of which
    #: the sorter has not said yet what they look like (`is_guessed`); those that wait first.
    to_sort: Callable[[int, int, int], list[tuple[uuid.UUID, str]]] = _nothing_to_sort
