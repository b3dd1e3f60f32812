"""Counting what was shown: totals of a day, and nothing that stands for a request."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.database import db
from app.trends.counting import CountingLayer
from app.trends.models import Dimension, TrendDay
from tests.unit.trends.conftest import FIREFOX, POST, Readers

pytestmark = pytest.mark.database

ADDRESS = "203.0.113.77"


def test_a_page_adds_one_to_each_dimension(readers: Readers) -> None:
    assert readers.ask(Referer="https://news.example.org/item?id=1") == 200
    assert readers.totals() == {
        "total": {"": 1},
        "page": {POST: 1},
        "browser": {"Firefox 140 to 149": 1},
        "language": {"de": 1},
        "source": {"example.org": 1},
        "hour": {f"{clock.now():%H}": 1},
    }


@pytest.mark.promise("no-row-per-request")
def test_no_row_stands_for_a_request(readers: Readers) -> None:
    for _time in range(3):
        for _request in range(7):
            readers.ask()
        readers.totals()
    with readers.app.app_context():
        rows = db.session.scalars(sa.select(TrendDay)).all()
    assert len(rows) == 6
    assert {row.count for row in rows} == {21}
    assert set(TrendDay.__table__.columns.keys()) == {"id", "day", "dimension", "value", "count"}


@pytest.mark.promise("no-row-per-request")
def test_what_came_together_is_added_in_one_statement(
    readers: Readers, statements: list[str]
) -> None:
    for address in (POST, "/", "/garden/", "/garden/roses/"):
        readers.ask(address)
    readers.app.extensions["trends"].look()
    statements.clear()
    readers.app.extensions["trends"].settle()
    assert sum(line.startswith("INSERT") for line in statements) == 1


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/", "/"),
        ("/about/", "/about/"),
        ("/garden/", "/garden/"),
        ("/garden/page/2/", "/garden/page/<number>/"),
        ("/garden/tags/bulbs/", "/garden/tags/<key>/"),
        ("/garden/archive/2026/03/", "/garden/archive/<year>/<month>/"),
        ("/search/?q=somebody%40example.org", "/search/"),
        (f"{POST}?utm_source=somebody&name=Bo", POST),
    ],
)
def test_pages_count_by_their_own_address_and_never_by_the_query(
    readers: Readers, address: str, page: str
) -> None:
    assert readers.ask(address) == 200
    assert readers.totals()["page"] == {page: 1}


def test_a_page_the_browser_has_already_counts_too(readers: Readers) -> None:
    tag = readers.client.get(POST).headers["ETag"]
    readers.totals()
    assert readers.ask(If_None_Match=tag) == 304
    assert readers.totals()["total"] == {"": 1}


def test_a_page_that_is_kept_in_front_of_the_application_counts_too(
    site: Flask, readers: Readers
) -> None:
    """The layer reads the request and the status; who gives the answer is all the same to it."""

    def kept(_environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])  # type: ignore[operator]
        return [b"kept"]

    layer = CountingLayer(site, kept)
    environ = {"PATH_INFO": POST, "REQUEST_METHOD": "GET", "HTTP_USER_AGENT": FIREFOX}
    assert layer(environ, lambda *_: None) == [b"kept"]
    site.extensions["trends"].queue.extend(layer.noted.queue)
    assert readers.totals()["page"] == {POST: 1}


def test_the_layer_stands_around_all_that_the_features_put_around_the_application(
    site: Flask,
) -> None:
    trusting = site.wsgi_app
    assert isinstance(trusting.wsgi_app, CountingLayer)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Sec_Purpose": "prefetch;prerender"}, "fetched ahead"),
        ({"Purpose": "prefetch"}, "fetched ahead"),
        ({"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "programs"),
        ({"User_Agent": "curl/8.5.0"}, "programs"),
        ({"User_Agent": ""}, "programs"),
        ({"Cookie": "session=whatever"}, "signed in"),
        ({"Cookie": "choice=1.1.p1m1; remember=whatever"}, "signed in"),
    ],
)
def test_what_nobody_read_is_counted_apart(
    readers: Readers, headers: dict[str, str], why: str
) -> None:
    readers.ask(**headers)
    assert readers.totals() == {"apart": {why: 1}}


@pytest.mark.parametrize(
    ("address", "why"), [("/no-such-page/", "refused"), ("/who-we-are/", "led elsewhere")]
)
def test_what_is_not_shown_is_counted_apart(readers: Readers, address: str, why: str) -> None:
    readers.ask(address)
    assert readers.totals() == {"apart": {why: 1}}


@pytest.mark.parametrize(
    ("address", "method"),
    [
        *[(POST, "HEAD"), (POST, "OPTIONS"), ("/privacy/cookies/", "POST")],
        *[(address, "GET") for address in ("/robots.txt", "/garden/feed.xml", "/static/site.css")],
        ("/account/log-in/", "GET"),
    ],
)
def test_other_requests_are_not_counted_at_all(readers: Readers, address: str, method: str) -> None:
    readers.ask(address, method=method)
    assert readers.totals() == {}


@pytest.mark.promise("no-address-for-readers")
@pytest.mark.parametrize("signal", ["Sec_GPC", "DNT"])
def test_who_asks_not_to_be_tracked_is_in_the_total_and_nowhere_else(
    readers: Readers, signal: str
) -> None:
    readers.ask(**{signal: "1"}, Referer="https://example.com/")
    assert readers.totals() == {"total": {"": 1}, "apart": {"asked not to be tracked": 1}}


@pytest.mark.promise("no-address-for-readers")
def test_nothing_else_of_a_request_is_read_and_no_address(readers: Readers) -> None:
    read: list[str] = []

    class Watched(dict[str, object]):
        def __getitem__(self, name: str) -> object:
            read.append(name)
            return super().__getitem__(name)

        def get(self, name: str, default: object = None) -> object:
            read.append(name)
            return super().get(name, default)

    def inner(_environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [])  # type: ignore[operator]
        return []

    layer = CountingLayer(readers.app, inner)
    asked = {"PATH_INFO": POST, "REQUEST_METHOD": "GET", "REMOTE_ADDR": ADDRESS}
    asked |= {"HTTP_X_FORWARDED_FOR": ADDRESS, "QUERY_STRING": "name=Bo", "HTTP_COOKIE": "x=secret"}
    layer(Watched(asked), lambda *_: None)
    assert set(read) == {
        *("PATH_INFO", "REQUEST_METHOD", "HTTP_COOKIE", "HTTP_USER_AGENT", "HTTP_REFERER"),
        *("HTTP_ACCEPT_LANGUAGE", "HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_SEC_GPC", "HTTP_DNT"),
    }
    noted = repr(list(layer.noted.queue))
    assert not [word for word in (ADDRESS, "secret", "name=Bo") if word in noted]


def test_own_pages_are_no_source(readers: Readers) -> None:
    readers.ask(Referer="http://localhost/garden/?q=1")
    assert "source" not in readers.totals()


AWAY = sa.exc.OperationalError("add", None, TimeoutError())


def raising(problem: Exception, *, after: int = 0) -> Any:
    """A function that answers some times, and raises then."""
    asked = iter(range(after))

    def raise_it(_given: object) -> str:
        if next(asked, None) is None:
            raise problem
        return POST

    return raise_it


def test_a_database_that_is_away_costs_no_count(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.ask()
    with monkeypatch.context() as patch:
        patch.setattr("app.trends.counting.add", raising(AWAY))
        readers.app.extensions["trends"].finish()
    assert readers.totals()["total"] == {"": 1}


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_database_that_is_away_while_pages_are_looked_up_costs_no_count(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    for address in (POST, "/about/", "/garden/roses/"):
        readers.ask(address)
    with monkeypatch.context() as patch:
        patch.setattr(
            readers.app.extensions["trends"].places, "page_at", raising(AWAY, after=after)
        )
        readers.app.extensions["trends"].finish()
    assert readers.totals()["total"] == {"": 3}


def test_what_waits_for_a_database_is_bounded(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = readers.app.extensions["trends"]
    monkeypatch.setattr("app.trends.counting.MOST_WAITING", 3)
    monkeypatch.setattr(noted.places, "page_at", raising(AWAY))
    for address in (POST, "/about/", "/garden/roses/"):
        readers.ask(address)
    noted.finish()
    assert len(noted.hits) == 3
    readers.ask("/garden/")
    noted.finish()
    assert not noted.hits
    assert not noted.counts


@pytest.mark.parametrize(
    "problem", [ValueError("odd"), sa.exc.DataError("add", None, ValueError("odd"))]
)
@pytest.mark.parametrize("place", ["app.trends.counting.sort", "app.trends.counting.add"])
def test_what_is_odd_is_met_once(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, place: str, problem: Exception
) -> None:
    def odd(*_given: object) -> None:
        raise problem

    readers.ask()
    with monkeypatch.context() as patch:
        patch.setattr(place, odd)
        with pytest.raises(type(problem)):
            readers.app.extensions["trends"].finish()
    readers.ask()
    assert readers.totals()["total"] == {"": 1}


def test_a_child_begins_with_nothing_of_its_parent(readers: Readers) -> None:
    layer = readers.app.wsgi_app.wsgi_app  # type: ignore[attr-defined]
    readers.ask()
    layer.noted.look()
    layer.noted.counts[clock.now().date(), Dimension.TOTAL, ""] = 1
    layer._begin_anew()
    layer.is_tended = True
    assert readers.totals() == {}
