"""What of a table may be told: rare values are hidden, and so is whatever would give them away.

A value stands by itself when it is common enough. All others are one sum, which has to be
common enough itself, because everybody can take the told values from the total: as long as
it is not, the least common of the told values joins it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Tally:
    """How often something was met, and on which days: bit by bit, so that days can be joined."""

    count: int = 0
    days: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(self.count + other.count, self.days | other.days)

    @property
    def number_of_days(self) -> int:
        """On how many days."""
        return self.days.bit_count()


NOTHING = Tally()


@dataclass(frozen=True)
class Rule:
    """How common something must be to be told."""

    least: int
    days: int = 1

    def admits(self, tally: Tally) -> bool:
        """Whether it is common enough; a zero tells of nobody and hides nothing."""
        return tally.count >= self.least and tally.number_of_days >= self.days


#: People, each of whom counts once. A cell of one to ten is shown nowhere.
PEOPLE = Rule(11)
#: Pages shown, of which one reader may ask for many: often, and on many days.
HITS = Rule(50, 7)
#: A month with fewer pages shown than this is told nothing of.
LEAST_TOTAL = 500
#: The one sentence about such a month, wherever it is met.
TOO_FEW = (
    f"A month with fewer than {LEAST_TOTAL} page views, or with page views on fewer than "
    f"{HITS.days} different days, is told nothing of: that would be telling of somebody."
)


@dataclass(frozen=True)
class Told:
    """What may be told of a table: the values by themselves, and the sum of all others.

    Nothing at all when even the sum of everything is too rare.
    """

    named: tuple[tuple[str, int], ...] = ()
    rest: int | None = None

    @property
    def total(self) -> int | None:
        """All of it, or `None` where nothing may be told."""
        if self.rest is None:
            return None
        return self.rest + sum(count for _value, count in self.named)


def tell(
    cells: Mapping[str, Tally],
    *,
    unnamed: Tally = NOTHING,
    rules: Mapping[str, Rule] | None = None,
    most: int = 1_000,
) -> Told:
    """What may be told of these cells, of which the `most` common at the most stand by themselves.

    `unnamed` belongs to the total and to no cell. A value that has a rule of its own in
    `rules` stands by that one.
    """
    own = rules or {}
    order = sorted(cells, key=lambda value: (-cells[value].count, value))
    common = [value for value in order if own.get(value, HITS).admits(cells[value])]
    named = common[:most]
    rest = unnamed
    for value in cells.keys() - set(named):
        rest += cells[value]
    while rest.count and named and not HITS.admits(rest):
        rest += cells[named.pop()]
    if rest.count and not HITS.admits(rest):
        return Told()
    return Told(tuple((value, cells[value].count) for value in named), rest.count)


def percent(count: int, total: int) -> int:
    """The share in steps of five, so that it tells no more than the count beside it."""
    return 5 * round(20 * count / total) if total else 0
