"""Counting visitors who agreed: once a day, by the day of their last visit, and by nothing else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.consent import seen
from app.consent.models import Recency, VisitorDay
from app.consent.visits import count_visitor, recency
from app.core import clock
from app.core.database import db
from tests.people import make_member, sign_in
from tests.unit.consent.conftest import HOME, POST, Visitor, given

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 24)


@pytest.fixture
def agreed(site: Flask) -> Visitor:
    """Somebody who agreed to be counted."""
    bo = Visitor(site, {})
    bo.answer(page="save", measurement="yes")
    return bo


def counted(site: Flask) -> dict[str, int]:
    with site.app_context():
        rows = db.session.execute(
            sa.select(VisitorDay.recency, sa.func.sum(VisitorDay.count)).group_by(
                VisitorDay.recency
            )
        )
        return {row[0].value: row[1] for row in rows}


def added(site: Flask, before: dict[str, int]) -> dict[str, int]:
    after = counted(site)
    return {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}


def test_a_first_page_of_the_day_counts_one_and_later_ones_none(
    site: Flask, agreed: Visitor
) -> None:
    before = counted(site)
    today = clock.now().date().isoformat()
    assert given(agreed.read())["seen"].value == today
    for address in (POST, "/", "/search/"):
        assert "Set-Cookie" not in agreed.read(address).headers
    assert added(site, before) == {"new": 1}


@pytest.mark.parametrize(("days", "kind"), [(1, "week"), (7, "week"), (8, "month"), (31, "longer")])
def test_who_returns_counts_by_how_long_ago(
    site: Flask, agreed: Visitor, days: int, kind: str
) -> None:
    agreed.keep("seen", (clock.now().date() - timedelta(days=days)).isoformat())
    before = counted(site)
    agreed.read()
    assert added(site, before) == {kind: 1}


@pytest.mark.parametrize(
    "value", ["", "x", "2026-13-01", "2026-W48-2", "20261124", "0" * 4_000, "2026-11-24T00", "\x80"]
)
def test_a_day_that_was_tampered_with_counts_as_none(
    site: Flask, agreed: Visitor, value: str
) -> None:
    agreed.keep("seen", value)
    before = counted(site)
    assert given(agreed.read())["seen"].value == clock.now().date().isoformat()
    assert added(site, before) == {"new": 1}


def test_a_day_that_has_not_come_counts_as_none() -> None:
    assert recency(TODAY + timedelta(days=1), TODAY) is Recency.NEW
    assert recency(None, TODAY) is Recency.NEW
    assert recency(TODAY - timedelta(days=30), TODAY) is Recency.MONTH


@pytest.mark.parametrize("choice", [None, "1.1.p0m0", "1.1.p1m0-dark", "1.9.p1m1", "1.1.p1m1x"])
def test_who_did_not_agree_is_not_counted_and_rid_of_the_cookie(
    site: Flask, ada: Visitor, choice: str | None
) -> None:
    if choice:
        ada.keep("choice", choice)
    ada.keep("seen", "2026-11-01")
    before = counted(site)
    first = ada.read()
    assert given(first)["seen"]["max-age"] == "0"
    assert given(first)["seen"]["path"] == "/"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in ada.read().headers
    assert added(site, before) == {}


def test_it_goes_with_the_first_answer_whatever_that_is(ada: Visitor) -> None:
    for address in ("/static/site.css", "/no-such-page/", "/garden/feed.xml", "/account/log-in/"):
        ada.keep("seen", "2026-11-01")
        assert given(ada.read(address))["seen"]["max-age"] == "0", address


@pytest.mark.parametrize(
    "address",
    [
        *("/static/site.css", "/garden/feed.xml", "/sitemap.xml", "/robots.txt", "/livez"),
        *("/no-such-page/", "/account/log-in/", "/about", "/garden/tulips/card.png"),
    ],
)
def test_only_pages_that_were_shown_count(site: Flask, agreed: Visitor, address: str) -> None:
    before = counted(site)
    assert "seen" not in given(agreed.read(address))
    assert added(site, before) == {}


def test_pages_that_a_browser_fetched_ahead_do_not_count(site: Flask, agreed: Visitor) -> None:
    before = counted(site)
    for headers in ({"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}):
        assert "seen" not in given(agreed.read(**headers))
    assert agreed.client.head(POST).headers.getlist("Set-Cookie") == []
    assert added(site, before) == {}


def test_a_page_that_the_browser_has_already_counts_too(site: Flask, agreed: Visitor) -> None:
    tag = agreed.read(**{"Sec-Purpose": "prefetch"}).headers["ETag"]
    before = counted(site)
    again = agreed.read(**{"If-None-Match": tag})
    assert again.status_code == 304
    assert "seen" in given(again)
    assert added(site, before) == {"new": 1}


def test_what_carries_the_cookie_is_kept_by_no_shared_cache(agreed: Visitor) -> None:
    answer = agreed.read()
    assert "seen" in given(answer)
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_layer_stands_around_what_keeps_pages(site: Flask, agreed: Visitor) -> None:
    """Nothing inside it ever sees the cookie set, so nothing can keep it with a page."""
    with site.test_request_context(POST):
        inner = site.full_dispatch_request()
    assert inner.headers.getlist("Set-Cookie") == []
    assert "seen" in given(agreed.read())


def test_a_database_that_is_away_costs_a_count_and_no_page(
    agreed: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise sa.exc.OperationalError("count", None, TimeoutError())

    monkeypatch.setattr(seen, "count_visitor", away)
    assert agreed.read().status_code == 200


def test_owners_see_how_many_came_yesterday_and_nobody_else_does(site: Flask) -> None:
    today = clock.now().date()
    with site.app_context():
        for last in (None, None, today - timedelta(days=3)):
            count_visitor(last, today - timedelta(days=1))
        make_member("otto", owner=True)
        make_member("mira", role="administrator", blog="garden")
    words = "Visitors yesterday who agreed to be counted"
    page = sign_in(site, "otto").get("/admin/").text
    assert words in page
    assert "3, 2 new" in page
    assert words not in sign_in(site, "mira").get("/admin/").text


def test_days_are_counted_by_day(site: Flask) -> None:
    with site.app_context():
        zone = clock.now().tzinfo
    with time_machine.travel(datetime(2031, 1, 2, 12, tzinfo=zone), tick=False):
        for _visitor in range(3):
            bo = Visitor(site, {})
            bo.keep("choice", "1.1.p0m1")
            bo.read(HOME)
            bo.read()
        with site.app_context():
            rows = db.session.scalars(
                sa.select(VisitorDay).where(VisitorDay.day == date(2031, 1, 2))
            ).all()
    assert [(row.recency, row.count) for row in rows] == [(Recency.NEW, 3)]
