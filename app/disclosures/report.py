"""The transparency report: one set of rows, from which page, CSV and JSON are made."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, fields
from datetime import date
from typing import Any

from app.core import clock
from app.core.privacy.disclosures import (
    KINDS,
    DisclosureCount,
    Kind,
    counted_disclosures,
    counted_looks,
)
from app.core.registry import Tally, registry
from app.desk import csv_line

ADDRESS = "/privacy/transparency/"
#: What people can do themselves, as far as it is counted here.
ACTS = ("exports", "erasures")


@dataclass(frozen=True)
class Row:
    """One line of the report as a table has it; every section has the same columns."""

    section: str
    period: str
    what: str
    received: int | None = None
    disclosed: int | None = None
    accounts: int | None = None
    notified: int | None = None
    barred: int | None = None
    #: For what is only counted.
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that is counted in public. Nothing of it is about one person."""

    demands: tuple[Row, ...]
    looks: tuple[Row, ...]
    own_acts: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All lines in the order of the page."""
        return (*self.demands, *self.looks, *self.own_acts)

    def years(self) -> list[tuple[str, list[Row]]]:
        """The demands, a table a year, newest first."""
        found: dict[str, list[Row]] = {}
        for row in self.demands:
            found.setdefault(row.period, []).append(row)
        return list(found.items())


def transparency_report() -> Report:
    """The counts as of today, in three statements: demands, looks, and people's own acts.

    Months and quarters are published when they are over, so that nobody who reloads the page
    can tell when somebody did something; demands by the year they were received in.
    """
    today = clock.now().date()
    looks = dict(counted_looks())
    demands = counted_disclosures()
    begin = min([*looks, today])
    years = [count.year for count in demands]
    tallies = [tally for give in registry().every("transparency") for tally in give()]
    return Report(
        demands=tuple(_demands(demands, min([begin.year, *years]), today.year)),
        looks=tuple(_looks(looks, begin, today)),
        own_acts=tuple(_own_acts(tallies, begin, today)),
    )


def as_csv(report: Report) -> str:
    """The report as one table; a cell that does not apply is empty."""
    lines = [csv_line(field.name for field in fields(Row))]
    lines += [
        csv_line("" if cell is None else cell for cell in astuple(row)) for row in report.rows
    ]
    return "".join(lines)


def as_json(report: Report, head: dict[str, Any] | None) -> str:
    """The same rows, and the newest head of the audit chain."""
    rows = [
        {name: cell for name, cell in asdict(row).items() if cell is not None}
        for row in report.rows
    ]
    return json.dumps({"schema": 1, "rows": rows, "audit_head": head}, indent=1)


def _demands(counts: Iterable[DisclosureCount], first: int, last: int) -> Iterator[Row]:
    """Every kind in every year, also where there was none."""
    known = {(count.year, count.kind): count for count in counts}
    for year in range(last, first - 1, -1):
        for kind in Kind:
            count = known.get((year, kind)) or DisclosureCount(year, kind, 0, 0, 0, 0, 0)
            yield Row(
                section="demands",
                period=str(year),
                what=KINDS[kind],
                received=count.received,
                disclosed=count.disclosed,
                accounts=count.accounts,
                notified=count.notified,
                barred=count.barred,
            )


def _looks(looks: dict[date, int], begin: date, today: date) -> Iterator[Row]:
    """Each quarter that is over, also those without a look, newest first."""
    quarters: dict[tuple[int, int], int] = {}
    for month in _months(begin, _quarter_begins(today)):
        name = (month.year, (month.month + 2) // 3)
        quarters[name] = quarters.get(name, 0) + looks.get(month, 0)
    for (year, quarter), count in sorted(quarters.items(), reverse=True):
        yield Row(section="looks", period=f"{year} Q{quarter}", what="looks", count=count)


def _own_acts(tallies: Iterable[Tally], begin: date, today: date) -> Iterator[Row]:
    """Each month that is over, also those in which nobody did anything, newest first."""
    counts: dict[tuple[date, str], int] = {}
    for tally in tallies:
        name = (tally.month.replace(day=1), tally.what)
        counts[name] = counts.get(name, 0) + tally.count
    months = list(_months(min([begin, *(month for month, _act in counts)]), today.replace(day=1)))
    for month in reversed(months):
        for act in ACTS:
            yield Row(
                section="own_acts",
                period=f"{month:%Y-%m}",
                what=act,
                count=counts.get((month, act), 0),
            )


def _months(first: date, end: date) -> Iterator[date]:
    """The first of each month from that of `first` until before `end`."""
    month = first.replace(day=1)
    while month < end:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _quarter_begins(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
