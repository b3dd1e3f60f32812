"""A report as a file: the same figures as on its page, and no others."""

import csv
import io

from .figures import Figures

HEADER = ("table", "value", "label", "count", "percent")


def as_csv(figures: Figures) -> str:
    """One line for each figure. A month that is told nothing of has the header only."""
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow(HEADER)
    if figures.total is not None:
        lines.writerow(("total", "", "Page views", figures.total, 100))
    if figures.visits is not None:
        lines.writerow(("visits", "", "Visits", figures.visits, ""))
    for table in figures.tables:
        for row in table.rows:
            lines.writerow((table.key, row.value, row.label, row.count, row.percent))
        if table.rest:
            lines.writerow((table.key, "", "All others", table.rest, table.rest_percent))
    for aside in figures.apart:
        if aside.count is not None:
            lines.writerow(("not counted", aside.label, aside.label, aside.count, ""))
    return file.getvalue()
