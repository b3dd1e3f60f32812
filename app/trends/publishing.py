"""What the trends add to other pages: the feed, the sitemap and the dashboard."""

from collections.abc import Iterator
from datetime import timedelta

from flask import render_template

from app.core import clock
from app.core.privacy import Viewer
from app.core.registry import Feed, FeedEntry, Figure, Location
from app.core.web import page_part

from .cells import TOO_FEW
from .figures import Figures
from .pages import HOME, month_address, month_named
from .reports import Report, months_told, reports_between, total_so_far

ADMIN = "/admin/trends/"
ENTRIES = 24


def locations() -> Iterator[Location]:
    """The pages of the reports, for the sitemap."""
    told = months_told()
    yield Location(address=HOME, changed_at=told[0][2] if told else None)
    for month, _total, at in told:
        yield Location(address=month_address(month), changed_at=at)


def feed_of(address: str) -> Feed | None:
    """The reports as a feed."""
    if address != HOME:
        return None
    first = (clock.now() - timedelta(days=31 * ENTRIES)).date()
    newest = reports_between(first, clock.now().date())[::-1][:ENTRIES]
    name = page_part("site").name
    return Feed(
        title=f"Trends of {name}",
        description=f"How {name} was used, month by month, in totals only.",
        address=HOME,
        entries=tuple(_entry(report) for report in newest),
    )


def figures(viewer: Viewer) -> list[Figure]:
    """For owners: how many pages were shown this month."""
    if not viewer.has_right("own"):
        return []
    total = total_so_far(clock.now().date().replace(day=1))
    shown = f"{total:,}" if total is not None else "too few to tell"
    return [Figure("page views this month", shown, ADMIN)]


def _entry(report: Report) -> FeedEntry:
    month = report.figures.month
    return FeedEntry(
        address=month_address(month),
        title=month_named(month),
        summary=_in_a_sentence(report.figures),
        html=render_template("trends/_entry.html", figures=report.figures, too_few=TOO_FEW),
        published_at=report.published_at,
        updated_at=report.published_at,
        authors=(),
        tags=(),
    )


def _in_a_sentence(told: Figures) -> str:
    if told.total is None:
        return TOO_FEW
    visits = f", {told.visits:,} visits" if told.visits else ""
    return f"{told.total:,} page views{visits}."
