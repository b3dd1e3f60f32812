"""The pages of the trends: months that are over, and no others."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.consent.models import Receipt, VisitorDay
from app.consent.visits import count_visitor
from app.core.database import db, transaction
from app.trends.cells import TOO_FEW
from app.trends.figures import Figures
from app.trends.models import TrendReport
from app.trends.reports import figures_so_far
from tests.factories import count_month, publish_month
from tests.people import make_member, sign_in
from tests.unit.trends.conftest import Readers
from tests.unit.trends.test_publish import USUAL

pytestmark = pytest.mark.database

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def november(readers: Readers) -> Iterator[None]:
    """The middle of November; nothing was counted yet."""
    with time_machine.travel(datetime(2026, 11, 15, 12, tzinfo=UTC), tick=False):
        yield


def test_a_site_without_a_report_says_when_the_first_one_comes(readers: Readers) -> None:
    page = readers.client.get("/trends/").text
    assert "No month is over yet" in page
    assert "November 2026 is being counted" in page
    assert "2 December 2026" in page
    assert "told from 50 on" in page
    assert TOO_FEW in page
    assert "of people from 11 on" in page


def test_a_month_names_what_it_did_not_count_and_its_neighbours(
    app: Flask, readers: Readers
) -> None:
    with app.app_context():
        count_month(SEPTEMBER, USUAL)
        publish_month(OCTOBER)
    page = readers.client.get("/trends/2026-10/").text
    for words in ("Programs", "fetched ahead", "asks not to be tracked", "25 months"):
        assert words in page
    assert '<a class="onward" href="/trends/2026-09/" rel="prev">' in page
    assert "September 2026" in page
    assert 'rel="next"' in readers.client.get("/trends/2026-09/").text


@pytest.mark.parametrize(
    "address",
    [
        *("2026-11/", "2026-11.csv", "2026-11.json", "2026-12/", "2026-08/", "2026-13/"),
        *("2026-00.json", "0000-01/", "2025/", "2027/", "0000/", "9999-12/", "26-09/"),
    ],
)
def test_what_was_not_published_is_nowhere(app: Flask, readers: Readers, address: str) -> None:
    with app.app_context():
        publish_month(OCTOBER)
        count_month(date(2026, 11, 1), USUAL)
    assert readers.client.get(f"/trends/{address}").status_code == 404


def test_a_year_adds_up_what_its_months_show(app: Flask, readers: Readers) -> None:
    with app.app_context():
        count_month(SEPTEMBER, USUAL)
        publish_month(OCTOBER)
    page = readers.client.get("/trends/2026/").text
    shown = re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)(?:</a>)?</th><td>([^<]+)</td>', page)
    assert ("September 2026", "1,000") in shown
    assert ("Tulips", "1,300") in shown
    assert ("No site named", "600") in shown
    # Told by October alone: what September hides adds nothing.
    assert ("example.org", "100") in shown


def test_reports_are_in_the_feed_and_the_sitemap(app: Flask, readers: Readers) -> None:
    with app.app_context():
        publish_month(OCTOBER)
    feed = readers.client.get("/trends/feed.xml").text
    assert "Trends of October 2026" in feed
    assert "900 page views, 400 visits." in feed
    assert "/trends/2026-10/</loc>" in readers.client.get("/sitemap.xml").text


def test_the_oldest_month_of_a_long_time_still_has_its_page(app: Flask, readers: Readers) -> None:
    text = Figures(SEPTEMBER, None).to_text()
    with app.app_context(), transaction() as session:
        for year in range(2000, 2026):
            for month in range(1, 13):
                first = date(year, month, 1)
                at = datetime(year + 1, 1, 2, tzinfo=UTC)
                row = TrendReport(month=first, published_at=at, text=text, digest="x")
                session.add(row)
    page = readers.client.get("/trends/2000-01/")
    assert page.status_code == 200
    assert 'href="/trends/2000-02/" rel="next"' in page.text
    assert 'href="/trends/2000-01/"' in readers.client.get("/trends/").text


def test_a_page_takes_few_statements(app: Flask, readers: Readers, statements: list[str]) -> None:
    with app.app_context():
        publish_month(OCTOBER)
    for address in ("/trends/", "/trends/2026-10/", "/trends/2026/"):
        readers.client.get(address)
        statements.clear()
        readers.client.get(address)
        assert len(statements) <= 4, (address, statements)


def test_titles_of_posts_are_those_of_the_day_of_publication(app: Flask, readers: Readers) -> None:
    with app.app_context():
        publish_month(OCTOBER)
    assert '<a href="/garden/tulips/">Tulips</a>' in readers.client.get("/trends/2026-10/").text


def told_of_visitors(new: int, week: int, *, agreed: int = 0, refused: int = 0) -> Figures:
    """What October tells when so many came on each of its days."""
    with transaction() as session:
        session.execute(sa.delete(VisitorDay))
        session.execute(sa.delete(Receipt))
        for said, number in ((True, agreed), (False, refused)):
            for _answer in range(number):
                session.add(
                    Receipt(
                        number="x",
                        given_at=datetime(2026, 10, 31, 23, tzinfo=UTC),
                        ends_at=datetime(2027, 10, 1, tzinfo=UTC),
                        revision=1,
                        preferences=False,
                        measurement=said,
                        method="page",
                        had_signal=False,
                        wording_hash="x",
                        version="x",
                    )
                )
    count_month(OCTOBER, USUAL)
    for day in range(1, 31):
        for _visitor in range(new):
            count_visitor(None, date(2026, 10, day))
        for _visitor in range(week):
            count_visitor(date(2026, 10, day), date(2026, 10, day))
    return figures_so_far(OCTOBER)


def test_visitors_who_agreed_are_told_as_new_and_returning_with_the_share_that_agreed(
    app: Flask,
) -> None:
    with app.app_context():
        figures = told_of_visitors(3, 2, agreed=30, refused=20)
        db.session.remove()
    table = figures.table("visitors")
    assert table
    assert [(row.label, row.count, row.percent) for row in table.rows] == [
        ("Here for the first time", 90, 60),
        ("Back within 7 days", 60, 40),
    ]
    assert figures.agreed_percent == 60


@pytest.mark.parametrize(("agreed", "refused"), [(10, 500), (500, 10), (0, 0)])
def test_the_share_of_few_is_not_told(app: Flask, agreed: int, refused: int) -> None:
    with app.app_context():
        assert told_of_visitors(3, 2, agreed=agreed, refused=refused).agreed_percent is None
        db.session.remove()


def test_owners_see_the_running_month_by_the_same_rules_and_nobody_else_does(app: Flask) -> None:
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mira", role="administrator", blog="garden")
        db.session.remove()
    otto = sign_in(app, "otto")
    assert TOO_FEW in otto.get("/admin/trends/").text
    assert "too few to tell" in otto.get("/admin/").text
    with app.app_context():
        count_month(date(2026, 11, 1), USUAL)
        db.session.remove()
    page = otto.get("/admin/trends/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Tulips" in page.text
    assert "rare-canary" not in page.text
    assert "page views this month" in otto.get("/admin/").text
    mira = sign_in(app, "mira")
    assert mira.get("/admin/trends/").status_code == 404
    assert "page views this month" not in mira.get("/admin/").text
