"""What the sorter says on the moderators' pages: of one comment, and of a whole list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.moderation import Guess, Look, look_of

from ..models import Comment, State
from .headlines import list_address
from .sieve import Sieve

#: Of a list; more would make the page slow and the picture no other.
MOST = 5_000
STEP = 10
#: What a number of the picture is called among the counts, before its step.
SLOT = "likely-"
WIDTH, HEIGHT = 28, 60


@dataclass(frozen=True)
class Opinion:
    """What the sorter takes one comment for, and the words that say so most."""

    look: Look
    percent: int
    words: list[str]


@dataclass(frozen=True)
class Bar:
    """One step of likelihood: how many comments are on it, and its place in the drawing."""

    label: str
    look: Look
    number: int
    left: int
    height: int

    @property
    def top(self) -> int:
        """Where it begins, from above."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Facet:
    """The part of a list that looks like something."""

    look: Look
    to: str
    is_current: bool


@dataclass(frozen=True)
class Spread:
    """How the comments of the spam folder lie between fine and spam."""

    bars: list[Bar]

    @property
    def total(self) -> int:
        """How many have been looked at."""
        return sum(bar.number for bar in self.bars)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return self.total == MOST


def opinion_on(comment: Comment) -> Opinion | None:
    """What the sorter says of a comment; `None` while it says nothing."""
    guess = db.session.scalar(sa.select(Guess).where(Guess.item_uid == comment.uid))
    if guess is None:
        return None
    look = look_of(guess.percent)
    is_of_this_text = guess.created_at >= (comment.edited_at or comment.created_at)
    places = guess.places if is_of_this_text and look is not Look.UNSURE else []
    words = [comment.text[start:end] for start, end in places]
    return Opinion(look, guess.percent, list(dict.fromkeys(words)))


def facets(sieve: Sieve) -> list[Facet]:
    """A list in three parts, by what its comments look like."""
    return [
        Facet(look, list_address(sieve.but(look=look)), is_current=sieve.look is look)
        for look in Look
    ]


def steps_asked(sieve: Sieve, blogs: frozenset[int]) -> sa.Select[Any] | None:
    """The numbers of a picture of the spam folder; `None` for another list or a filtered one."""
    if sieve.state is not State.SPAM or not sieve.but(look=None).is_plain:
        return None
    some = (
        sa.select(Comment.blog_id, Guess.percent)
        .join(Comment, Comment.uid == Guess.item_uid)
        .where(Comment.blog_id.in_(blogs), Comment.state == sieve.state)
        .limit(MOST)
        .subquery()
    )
    # The last step takes the hundredth too.
    step = sa.case((some.c.percent >= 100 - STEP, 100 - STEP), else_=some.c.percent // STEP * STEP)
    slot = sa.literal(SLOT).concat(sa.cast(step, sa.String(3)))
    return sa.select(some.c.blog_id, slot, sa.func.count()).group_by(some.c.blog_id, slot)


def spread_in(numbers: Mapping[int, Mapping[str, int]]) -> Spread:
    """How the spam folder lies, from the numbers that were asked for."""
    slots = {low: f"{SLOT}{low}" for low in range(0, 100, STEP)}
    counts = {
        low: sum(of_blog.get(slot, 0) for of_blog in numbers.values())
        for low, slot in slots.items()
    }
    return Spread(list(_bars(counts)))


def _bars(counts: Mapping[int, int]) -> Iterator[Bar]:
    tallest = max(*counts.values(), 1)
    for place, (low, number) in enumerate(counts.items()):
        high = 100 if low + STEP == 100 else low + STEP - 1
        # One among thousands must be seen too: it may be the one that is here by mistake.
        height = max(2, round(HEIGHT * number / tallest)) if number else 0
        yield Bar(f"{low} to {high} %", look_of(low), number, place * (WIDTH + 2), height)
