"""Publishing a month: when it is over, above the thresholds, once, and for ever."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.database import db, transaction
from app.trends.cells import TOO_FEW
from app.trends.checks import as_published, reports_are_frozen, thresholds_hold, totals_only
from app.trends.figures import Figures
from app.trends.models import Dimension, TrendDay, TrendReport
from app.trends.reports import figures_so_far, publish_due, total_so_far
from app.trends.tallies import MOST, add
from tests.factories import count_month
from tests.unit.trends.conftest import POST, Readers

pytestmark = pytest.mark.database

MONTH = date(2026, 9, 1)
AFTER = datetime(2026, 10, 2, 0, 5, tzinfo=UTC)
RARE = "rare-canary.example.net"

USUAL = {
    Dimension.TOTAL: {"": 1_000},
    Dimension.PAGE: {POST: 700, "/": 200, "/about/": 97, "/garden/": 3},
    Dimension.BROWSER: {"Chrome 140 to 149": 600, "Safari 20 to 29": 300, "other": 100},
    Dimension.LANGUAGE: {"en": 950, "is": 50},
    Dimension.SOURCE: {"none": 300, "example.org": 100, RARE: 3},
    Dimension.HOUR: {"09": 990, "03": 10},
    Dimension.APART: {"programs": 400, "signed in": 4},
}


@pytest.fixture(autouse=True)
def later(readers: Readers) -> Iterator[None]:
    """A day after the month's end, in the app's context; nothing was counted yet."""
    with readers.app.app_context(), time_machine.travel(AFTER, tick=False):
        yield
        db.session.remove()


def report() -> TrendReport:
    db.session.expire_all()
    return db.session.scalars(sa.select(TrendReport)).one()


def named(figures: Figures, key: str) -> dict[str, int]:
    table = figures.table(key)
    return {row.value: row.count for row in table.rows} if table else {}


def test_a_month_is_published_a_day_after_it_is_over_and_not_before() -> None:
    count_month(MONTH, USUAL)
    with time_machine.travel(AFTER - timedelta(hours=1), tick=False):
        assert publish_due() == []
    assert publish_due() == [MONTH]
    assert publish_due() == []


def test_every_month_that_was_missed_is_published() -> None:
    count_month(date(2026, 6, 1), USUAL)
    count_month(date(2026, 8, 1), USUAL)
    assert publish_due() == [date(2026, month, 1) for month in (6, 7, 8, 9)]
    totals = db.session.scalars(sa.select(TrendReport.total).order_by(TrendReport.month)).all()
    assert totals == [1_000, None, 1_000, None]


def test_a_site_without_readers_publishes_nothing() -> None:
    assert publish_due() == []


def test_common_values_are_told_and_rare_ones_put_together() -> None:
    count_month(MONTH, USUAL)
    figures = figures_so_far(MONTH)
    assert (figures.total, figures.visits) == (1_000, 403)
    # Three are too few for a sum of their own, so the rarest told one joins them.
    assert named(figures, "pages") == {POST: 700, "/": 200}
    assert figures.table("pages").rest == 100  # type: ignore[union-attr]
    assert named(figures, "sources") == {"none": 300}
    assert named(figures, "browsers") == {"Chrome 140 to 149": 600, "Safari 20 to 29": 300}
    assert named(figures, "languages") == {"en": 950, "is": 50}


def test_a_table_of_which_too_little_is_common_is_not_told() -> None:
    count_month(MONTH, USUAL)
    # Ten hours hide behind the only common one, which leaves nothing to show.
    assert named(figures_so_far(MONTH), "hours") == {}
    assert figures_so_far(MONTH).table("hours") is None


def test_what_happened_on_few_days_is_not_told() -> None:
    everything = USUAL | {Dimension.SOURCE: {"none": 300}}
    count_month(MONTH, everything)
    add({(MONTH, Dimension.SOURCE, "once.example.net"): 5_000})
    assert named(figures_so_far(MONTH), "sources") == {}


def test_asides_below_the_threshold_have_no_number() -> None:
    count_month(MONTH, USUAL)
    apart = {aside.label: aside.count for aside in figures_so_far(MONTH).apart}
    assert apart["programs"] == 400
    assert apart["signed in"] is None
    assert apart["failed"] is None


def test_readers_with_a_signal_cannot_be_found_by_subtracting() -> None:
    """Seven of them are in the total and in no value, so the rest of each table is at least 50."""
    whole = {
        Dimension.TOTAL: {"": 1_007},
        Dimension.APART: {"asked not to be tracked": 7},
        Dimension.LANGUAGE: {"en": 900, "de": 100},
    }
    count_month(MONTH, whole)
    figures = figures_so_far(MONTH)
    languages = figures.table("languages")
    assert languages
    assert named(figures, "languages") == {"en": 900}
    assert (languages.rest, languages.total) == (107, 1_007)


def test_many_readers_with_a_signal_are_told_and_taken_out_of_each_table() -> None:
    whole = {
        Dimension.TOTAL: {"": 1_070},
        Dimension.APART: {"asked not to be tracked": 70},
        Dimension.LANGUAGE: {"en": 900, "de": 100},
    }
    count_month(MONTH, whole)
    figures = figures_so_far(MONTH)
    assert named(figures, "languages") == {"en": 900, "de": 100}
    assert figures.table("languages").total == 1_000  # type: ignore[union-attr]
    assert figures.apart[0].count == 70


@pytest.mark.promise("trends-thresholds")
@pytest.mark.parametrize("total", [3, 499])
def test_a_month_with_too_little_is_told_nothing_of(total: int, readers: Readers) -> None:
    count_month(MONTH, {Dimension.TOTAL: {"": total}, Dimension.PAGE: {POST: total}})
    publish_due()
    told = report()
    assert told.total is None
    assert json.loads(told.text)["tables"] == []
    page = readers.client.get("/trends/2026-09/")
    assert TOO_FEW in page.text
    assert f">{total}<" not in page.text
    assert POST not in page.text
    assert readers.client.get("/trends/2026-09.csv").text.count("\r\n") == 1


def test_the_total_alone_is_asked_for_in_one_statement_and_told_by_the_same_rule(
    statements: list[str],
) -> None:
    count_month(MONTH, USUAL)
    add({(date(2026, 10, 1), Dimension.TOTAL, ""): 5_000})
    statements.clear()
    assert total_so_far(MONTH) == 1_000
    assert len(statements) == 1
    assert "dimension = " in statements[0]
    assert total_so_far(MONTH) == figures_so_far(MONTH).total
    assert total_so_far(date(2026, 10, 1)) is None


def test_a_month_of_few_days_is_withheld_in_words_that_are_true_of_it(readers: Readers) -> None:
    add({(MONTH, Dimension.TOTAL, ""): 5_000})
    publish_due()
    assert report().total is None
    for place in ("2026-09/", "feed.xml"):
        assert TOO_FEW in readers.client.get(f"/trends/{place}").text, place
    summary, content = (
        readers.client.get("/trends/feed.json").json["items"][0][key]
        for key in ("summary", "content_html")
    )
    assert summary == TOO_FEW
    assert TOO_FEW in content
    assert "500 page views, or with page views on fewer than 7 different days" in TOO_FEW


@pytest.mark.promise("trends-thresholds")
def test_three_hits_of_a_rare_site_are_nowhere(readers: Readers) -> None:
    count_month(MONTH, USUAL)
    publish_due()
    places = ("2026-09/", "2026-09.csv", "2026-09.json", "2026/", "", "feed.xml", "feed.json")
    for place in places:
        answer = readers.client.get(f"/trends/{place}")
        assert answer.status_code == 200, place
        assert "rare-canary" not in answer.text, place
    rows = db.session.scalars(sa.select(TrendDay.value)).all()
    assert "example.org" not in rows, "hidden beside it, so it goes with it"
    assert not [value for value in rows if "rare-canary" in value]
    kept = sa.select(sa.func.sum(TrendDay.count)).where(TrendDay.dimension == Dimension.SOURCE)
    assert db.session.scalar(kept) == 403


@pytest.mark.promise("same-numbers-everywhere")
def test_a_published_month_is_never_changed(readers: Readers) -> None:
    count_month(MONTH, USUAL)
    publish_due()
    before, page = report().text, readers.client.get("/trends/2026-09/").data
    late = {(MONTH, Dimension.TOTAL, ""): 900, (MONTH, Dimension.SOURCE, RARE): 900}
    assert add(late) == 1_800
    publish_due()
    assert report().text == before
    assert readers.client.get("/trends/2026-09/").data == page
    assert db.session.scalar(sa.select(TrendDay.id).where(TrendDay.value == RARE)) is None


def test_a_report_that_was_changed_is_seen(app: Flask) -> None:
    count_month(MONTH, USUAL)
    publish_due()
    assert reports_are_frozen().state == "ok"
    assert [as_published().problem, thresholds_hold().problem, totals_only().problem] == [None] * 3
    with transaction() as session:
        session.execute(sa.update(TrendReport).values(text=report().text.replace("700", "7")))
    db.session.expire_all()
    assert reports_are_frozen().state == "fail"
    assert "2026-09" in reports_are_frozen().sentence
    assert as_published().problem
    assert thresholds_hold().problem


def test_made_up_values_cannot_fill_the_table() -> None:
    for part in range(3):
        add({(MONTH, Dimension.SOURCE, f"site{part}-{n}.example.net"): 1 for n in range(500)})
    values = db.session.scalars(sa.select(TrendDay.value)).all()
    assert len(values) == MOST[Dimension.SOURCE]
    assert db.session.scalar(sa.select(sa.func.sum(TrendDay.count))) == 1_500
    add({(MONTH, Dimension.SOURCE, values[0]): 4})
    assert db.session.scalar(sa.select(sa.func.sum(TrendDay.count))) == 1_504
