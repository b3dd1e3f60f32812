"""One line for each thing measured, as a table for people and for the docs."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEADINGS = ("Goal", "What", "Measured", "Limit", "Met")
#: Why a goal may be missed, told beneath the table when it is.
REASONS = {
    "G3": "A page rendered anew runs through Flask, three statements of SQLAlchemy and one "
    "template: about 2 ms, of which the template takes a fifth and the statements with their "
    "session a third. nginx sends the same bytes from its file cache in 8 µs. The page cache of a "
    "later release takes readers off this path; on it, only fewer layers would help.",
    "G12": "Largest paint: on Lighthouse's simulated line, the page and then its style sheet take "
    "two round trips after the connection before anything is painted. Writing the styles into the "
    "page would save one, and cost the policy that allows no style inside a page.",
}
PACKAGES = ("flask", "granian", "sqlalchemy", "jinja2")
PROGRAMS = (("nginx", "-v"), ("postgres", "--version"), ("chromium", "--version"))


@dataclass(frozen=True)
class Finding:
    """One measured figure beside its limit; a figure without a limit is only told."""

    goal: str
    what: str
    measured: float
    limit: float | None = None
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure keeps its limit."""
        if self.limit is None:
            return True
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        """Answer the finding as the cells of a table row."""
        sign = "≥" if self.at_least else "≤"
        limit = "" if self.limit is None else f"{sign} {_figure(self.limit)} {self.unit}".strip()
        met = "" if self.limit is None else ("yes" if self.is_met else "**no**")
        return self.goal, self.what, f"{_figure(self.measured)} {self.unit}".strip(), limit, met


def table(findings: Iterable[Finding]) -> str:
    """Answer the findings as a Markdown table."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(finding.cells() for finding in findings)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def write_page(findings: list[Finding], command: str, load: float) -> None:
    """Write the findings into the documentation, with what they were measured on.

    `load` is how busy the machine was with other work before the run.
    """
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(
        f"""# Benchmarks

Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}; every run writes this page anew.

{table(findings)}{_shortfalls(findings)}
“times nginx” is CPU time for one answer, of all the server's processes, divided by what nginx with
one worker and its file cache uses for a file of the very same bytes, in the same minutes: the
median of five interleaved rounds, the server on one core and the load on another. Every answer
was compared with the expected bytes. Other figures are medians of what the row says.

{len(os.sched_getaffinity(0))} cores (load by other work before the run: {load:.1f}),
{platform.system()} {platform.machine()}, Python {platform.python_version()}; {_versions()}.
"""
    )


def _shortfalls(findings: list[Finding]) -> str:
    """A paragraph for each goal that was missed and whose reason is known."""
    missed = dict.fromkeys(finding.goal for finding in findings if not finding.is_met)
    known = [f"**{goal}** is missed. {REASONS[goal]}\n" for goal in missed if goal in REASONS]
    return "\n" + "\n".join(known) if known else ""


def _versions() -> str:
    packages = [f"{package} {version(package)}" for package in PACKAGES]
    programs = [_version_of(*command) for command in PROGRAMS]
    return ", ".join([*packages, *filter(None, programs)])


def _version_of(*command: str) -> str:
    try:
        told = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    number = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
    return f"{command[0]} {number[0]}" if number else ""


def _figure(number: float) -> str:
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.2f}" if abs(number) < 10 else f"{number:,.1f}"


def tell(words: str) -> None:
    """Say what is being done, apart from the results."""
    print(words, file=sys.stderr, flush=True)
