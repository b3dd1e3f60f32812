"""Charts as sizes and words; the template draws them, and the table beside says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .figures import Table

#: Pixels from one bar to the next, and where a column chart has its floor.
PITCH = 42
HEIGHT = 150
TALLEST = 120
LONGEST_LABEL = 36


@dataclass(frozen=True)
class Bar:
    """One bar: its words, and its size in per cent of the width, or in pixels of the height."""

    label: str
    value: str
    size: float
    #: Where it begins: pixels from above for a lying bar, per cent from the left for a standing.
    at: float
    is_rest: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture of a table. `summary` says in words what it shows."""

    key: str
    summary: str
    bars: tuple[Bar, ...]
    height: int
    #: How wide a standing bar is, in per cent.
    width: float = 0


def lying(table: Table) -> Chart:
    """The values of a table, one bar below the other; the sum of all others comes last."""
    entries = [(row.label, row.count, False) for row in table.rows]
    if table.rest:
        entries.append(("All others", table.rest, True))
    largest = max(count for _label, count, _is_rest in entries)
    bars = tuple(
        Bar(_short(label), f"{count:,}", round(100 * count / largest, 1), place * PITCH, is_rest)
        for place, (label, count, is_rest) in enumerate(entries)
    )
    first = table.rows[0]
    summary = f"{table.title}: most often {first.label}, {first.count:,} {table.unit}."
    return Chart(table.key, summary, bars, len(bars) * PITCH)


def standing(
    key: str, title: str, entries: Iterable[tuple[str, int | None]], shown: Sequence[int] = ()
) -> Chart:
    """Numbers that follow on each other, one bar beside the other; `None` has none.

    `shown` are the places that get their words below; all of them when it is empty.
    """
    numbers = list(entries)
    largest = max((count or 0 for _label, count in numbers), default=0) or 1
    step = 100 / max(len(numbers), 1)
    bars = tuple(
        Bar(
            label if not shown or place in shown else "",
            "" if count is None else f"{count:,}",
            round(TALLEST * (count or 0) / largest, 1),
            round(place * step + step * 0.15, 2),
            is_rest=count is None,
        )
        for place, (label, count) in enumerate(numbers)
    )
    top = max(numbers, key=lambda entry: entry[1] or 0, default=("", 0))
    summary = f"{title}: most in {top[0]}, {top[1] or 0:,}."
    return Chart(key, summary, bars, HEIGHT, round(step * 0.7, 2))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
