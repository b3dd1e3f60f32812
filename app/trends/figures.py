"""The figures of a month, as far as they may be told, and the text they are kept as."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from .cells import HITS, LEAST_TOTAL, NOTHING, PEOPLE, Rule, Tally, Told, percent, tell
from .hits import Apart
from .models import OTHER, Dimension

VERSION = 1
#: How many values of a table stand by themselves; a page has to stay light.
MOST_ROWS = 15
HOURS = 24

Cells = Mapping[Dimension, Mapping[str, Tally]]


@dataclass(frozen=True)
class Row:
    """One value of a table."""

    value: str
    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Table:
    """What may be told of one dimension. `rest` is all that is not told by itself."""

    key: str
    title: str
    unit: str
    total: int | None
    rows: tuple[Row, ...]
    rest: int | None
    rest_percent: int | None


@dataclass(frozen=True)
class Aside:
    """What was asked for and is in no total; `None` where it is too little to be told."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Figures:
    """All that may be told of a month; where it was too little, that and nothing else."""

    month: date
    total: int | None
    visits: int | None = None
    tables: tuple[Table, ...] = ()
    apart: tuple[Aside, ...] = ()
    #: Of those who answered the question about cookies, how many in a hundred agreed.
    agreed_percent: int | None = None

    @property
    def is_told(self) -> bool:
        """Whether there was enough to tell anything."""
        return self.total is not None

    def table(self, key: str) -> Table | None:
        """The table of that key, when it has a row to show."""
        return next((table for table in self.tables if table.key == key and table.rows), None)

    def to_text(self) -> str:
        """The one text that is kept, hashed and handed out."""
        facts = {
            "version": VERSION,
            "month": f"{self.month:%Y-%m}",
            "total": self.total,
            "visits": self.visits,
            "agreed_percent": self.agreed_percent,
            "thresholds": {
                "least_total": LEAST_TOTAL,
                "hits": {"least": HITS.least, "days": HITS.days},
                "people": {"least": PEOPLE.least},
                "percent_steps": 5,
            },
            "tables": [asdict(table) for table in self.tables],
            "not_counted": [asdict(aside) for aside in self.apart],
        }
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The figures that a text was made of."""
        facts = json.loads(text)
        return cls(
            month=date.fromisoformat(f"{facts['month']}-01"),
            total=facts["total"],
            visits=facts["visits"],
            tables=tuple(_table(given) for given in facts["tables"]),
            apart=tuple(Aside(**given) for given in facts["not_counted"]),
            agreed_percent=facts["agreed_percent"],
        )


@dataclass(frozen=True)
class _Shape:
    """A table before anything is known: of what it is, and by which rules it is told."""

    dimension: Dimension
    key: str
    title: str
    unit: str = "page views"
    rules: Mapping[str, Rule] | None = None


#: One who is here for the first time is one person; one who comes back may be the same each day.
_NEW = {"new": PEOPLE}

SHAPES = (
    _Shape(Dimension.PAGE, "pages", "What was read"),
    _Shape(Dimension.SOURCE, "sources", "Where visits began", "visits"),
    _Shape(Dimension.BROWSER, "browsers", "Browsers"),
    _Shape(Dimension.LANGUAGE, "languages", "Languages that browsers ask for"),
    _Shape(Dimension.HOUR, "hours", "Hours of the day, in UTC"),
    _Shape(Dimension.VISITOR, "visitors", "Visitors who agreed to be counted", "visits", _NEW),
)
_REASONS = (
    *(Apart.SIGNAL, Apart.PROGRAM, Apart.AHEAD, Apart.SIGNED_IN),
    *(Apart.MOVED, Apart.REFUSED, Apart.FAILED),
)


def figures_of(
    month: date,
    cells: Cells,
    label: Callable[[Dimension, str], str],
    answers: tuple[int, int] = (0, 0),
) -> Figures:
    """The figures of a month. `answers` are how many agreed to be counted, and how many not."""
    total = total_of(cells)
    if total is None:
        return Figures(month, None)
    signal = cells.get(Dimension.APART, {}).get(Apart.SIGNAL, NOTHING)
    # Whoever knows how many they were could take them from the rest of each table.
    hidden = NOTHING if HITS.admits(signal) else signal
    told = {shape.key: _told(shape, cells, hidden) for shape in SHAPES}
    return Figures(
        month,
        total,
        visits=told["sources"].total or None,
        tables=tuple(_filled(shape, told[shape.key], label) for shape in SHAPES),
        apart=_apart(cells.get(Dimension.APART, {})),
        agreed_percent=_agreed(*answers),
    )


def total_of(cells: Cells) -> int | None:
    """How many pages were shown; `None` where that is too little to be told."""
    total = cells.get(Dimension.TOTAL, {}).get("", NOTHING)
    return total.count if total.count >= LEAST_TOTAL and HITS.admits(total) else None


def hour_by_hour(table: Table) -> Iterable[tuple[str, int | None]]:
    """Each hour of the day and its number, `None` for one that is hidden or had nobody."""
    counts = {row.value: row.count for row in table.rows}
    return [(f"{hour:02}", counts.get(f"{hour:02}")) for hour in range(HOURS)]


def _told(shape: _Shape, cells: Cells, hidden: Tally) -> Told:
    found = dict(cells.get(shape.dimension, {}))
    unnamed = found.pop(OTHER, NOTHING)
    if shape.unit == "page views":
        unnamed += hidden
    most = HOURS if shape.dimension is Dimension.HOUR else MOST_ROWS
    return tell(found, unnamed=unnamed, rules=shape.rules, most=most)


def _filled(shape: _Shape, told: Told, label: Callable[[Dimension, str], str]) -> Table:
    total = told.total
    if not told.named or not total:
        return Table(shape.key, shape.title, shape.unit, None, (), None, None)
    rows = [
        Row(value, label(shape.dimension, value), count, percent(count, total))
        for value, count in told.named
    ]
    if shape.dimension is Dimension.HOUR:
        rows.sort(key=lambda row: row.value)
    rest = told.rest or 0
    return Table(shape.key, shape.title, shape.unit, total, tuple(rows), rest, percent(rest, total))


def _apart(cells: Mapping[str, Tally]) -> tuple[Aside, ...]:
    found = ((reason, cells.get(reason, NOTHING)) for reason in _REASONS)
    return tuple(
        Aside(reason, tally.count if HITS.admits(tally) else None) for reason, tally in found
    )


def _agreed(agreed: int, refused: int) -> int | None:
    if min(agreed, refused) < PEOPLE.least:
        return None
    return percent(agreed, agreed + refused)


def _table(given: dict[str, Any]) -> Table:
    return Table(**given | {"rows": tuple(Row(**row) for row in given["rows"])})
