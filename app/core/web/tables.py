"""Tables as files: CSV that every spreadsheet reads and none takes for formulas."""

import csv
import io
from collections.abc import Iterable

#: A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[object]) -> str:
    """One line of a file; no cell can be read as a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([_cell(str(cell)) for cell in cells])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
