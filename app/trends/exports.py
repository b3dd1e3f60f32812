"""A report as a file: the same figures as on its page, and no others."""

from collections.abc import Iterator

from app.core.web import csv_line

from .figures import Figures

HEADER = ("table", "value", "label", "count", "percent")


def as_csv(figures: Figures) -> str:
    """One line for each figure. A month that is told nothing of has the header only."""
    return "".join(map(csv_line, (HEADER, *_rows(figures))))


def _rows(figures: Figures) -> Iterator[tuple[object, ...]]:
    if figures.total is not None:
        yield "total", "", "Page views", figures.total, 100
    if figures.visits is not None:
        yield "visits", "", "Visits", figures.visits, ""
    if figures.agreed_percent is not None:
        yield "agreed", "", "Agreed, of those who answered", "", figures.agreed_percent
    for table in figures.tables:
        for row in table.rows:
            yield table.key, row.value, row.label, row.count, row.percent
        if table.rest:
            yield table.key, "", "All others", table.rest, table.rest_percent
    for aside in figures.apart:
        if aside.count is not None:
            yield "not counted", aside.label, aside.label, aside.count, ""
