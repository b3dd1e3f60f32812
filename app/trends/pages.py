"""What the pages of the trends show."""

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app

from app.core import clock
from app.core.errors import Missing
from app.core.web import Crumb, FeedLink, Meta, absolute, page_meta, page_part

from .cells import HITS, PEOPLE, TOO_FEW
from .charts import Chart, lying, standing
from .figures import Figures, Table, hour_by_hour
from .reports import (
    Report,
    figures_so_far,
    months_told,
    report_of,
    reports_between,
)
from .tallies import month_after

HOME = "/trends/"
#: How many months the chart of months looks back.
LOOKS_BACK = 13
MOST_OF_A_YEAR = 15
_HOURS_NAMED = (0, 6, 12, 18)
_THRESHOLDS = {"hits": HITS, "people": PEOPLE}


@dataclass(frozen=True)
class Part:
    """One chart of a page, and the table that says the same."""

    table: Table
    chart: Chart
    is_columns: bool


@dataclass(frozen=True)
class Months:
    """Months in their order, as a chart and as a list."""

    chart: Chart
    rows: tuple[tuple[date, int | None], ...]


def month_page(month: date) -> dict[str, Any]:
    """The page of a published month. Raises `Missing` for any other."""
    report = report_of(month)
    rows = sorted((each, total) for each, total, _at in months_told())
    told = [each for each, _total in rows]
    place = told.index(month)
    before = _months_before(rows, month)
    return {
        "report": report,
        "figures": report.figures,
        "parts": parts_of(report.figures),
        "months": before if len(before.rows) > 1 else None,
        "previous": told[place - 1] if place else None,
        "next": told[place + 1] if place + 1 < len(told) else None,
        "meta": _meta(month_named(month), month_address(month), f"Trends {month.year}"),
        **_common(),
    }


def year_page(year: int) -> dict[str, Any]:
    """The published months of a year, and what they showed of it together."""
    reports = reports_between(date(year, 1, 1), date(year, 12, 31)) if year else []
    if not reports:
        raise Missing
    years = sorted({month.year for month, _total, _at in months_told()})
    rows = tuple((report.figures.month, report.figures.total) for report in reports)
    return {
        "year": year,
        "months": Months(_columns(rows, f"Page views of {year}"), rows),
        "pages": _together(reports, "pages"),
        "sources": _together(reports, "sources"),
        "previous": year - 1 if year - 1 in years else None,
        "next": year + 1 if year + 1 in years else None,
        "meta": _meta(f"Trends {year}", f"{HOME}{year}/", None),
        **_common(),
    }


def index_page() -> dict[str, Any]:
    """Every published month, newest first."""
    told = months_told()
    rows = tuple((month, total) for month, total, _at in told[:LOOKS_BACK][::-1])
    return {
        "told": told,
        "years": sorted({month.year for month, _total, _at in told}, reverse=True),
        "months": Months(_columns(rows, "Page views by month"), rows) if len(rows) > 1 else None,
        "meta": _meta("Trends", HOME, None),
        **_common(),
    }


def running_page() -> dict[str, Any]:
    """For owners: the month that is not over, told by the same rules."""
    figures = figures_so_far(clock.now().date().replace(day=1))
    return {
        "figures": figures,
        "parts": parts_of(figures),
        "newest": months_told()[:1],
        **_common(),
    }


def parts_of(figures: Figures) -> list[Part]:
    """The tables of a month that have something to show, each with its chart."""
    shown = [table for table in figures.tables if table.rows]
    return [_part(table) for table in shown]


def month_address(month: date) -> str:
    """Where the report of a month stands for ever."""
    return f"{HOME}{month:%Y-%m}/"


def month_named(month: date) -> str:
    """What the report of a month is called."""
    return f"Trends of {calendar.month_name[month.month]} {month.year}"


def _part(table: Table) -> Part:
    if table.key == "hours":
        chart = standing(table.key, table.title, hour_by_hour(table), _HOURS_NAMED)
        return Part(table, chart, is_columns=True)
    return Part(table, lying(table), is_columns=False)


def _months_before(told: Sequence[tuple[date, int | None]], month: date) -> Months:
    rows = tuple((each, total) for each, total in told if each <= month)[-LOOKS_BACK:]
    return Months(_columns(rows, "Page views by month"), rows)


def _columns(rows: Sequence[tuple[date, int | None]], title: str) -> Chart:
    entries = [(calendar.month_abbr[month.month], total) for month, total in rows]
    return standing("months", title, entries)


def _together(reports: list[Report], key: str) -> list[tuple[str, str, int]]:
    """The sums of what the months showed of a table: value, label, number."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for report in reports:
        table = report.figures.table(key)
        for row in table.rows if table else ():
            counts[row.value] += row.count
            labels[row.value] = row.label
    return [(value, labels[value], count) for value, count in counts.most_common(MOST_OF_A_YEAR)]


def _meta(title: str, address: str, parent: str | None) -> Meta:
    crumbs = [Crumb("Home", "/"), Crumb("Trends", HOME if address != HOME else None)]
    if parent:
        crumbs.append(Crumb(parent.removeprefix("Trends "), f"{HOME}{parent[-4:]}/"))
    if address != HOME:
        crumbs.append(Crumb(title.removeprefix("Trends of ").removeprefix("Trends ")))
    return page_meta(
        Meta(
            title=title,
            description=f"How {page_part('site').name} is used: totals, and nobody followed.",
            canonical=absolute(address),
            feeds=(FeedLink("Trends", f"{HOME}feed.xml"),),
            breadcrumbs=tuple(crumbs),
        )
    )


def _common() -> dict[str, Any]:
    return {
        "thresholds": _THRESHOLDS,
        "too_few": TOO_FEW,
        "keep_months": current_app.config["KEEP_TRENDS_MONTHS"],
        "asks_about_measurement": "measurement" in current_app.config["OPTIONAL_COOKIES"],
    }


def next_report() -> tuple[date, datetime]:
    """The month that is counted now, and when it is published."""
    month = clock.now().date().replace(day=1)
    follows = month_after(month)
    return month, datetime(follows.year, follows.month, 2, tzinfo=UTC)
