"""Every route, and who may pass."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.web.access import UnlabelledEndpoint, check_labels, label_of
from tests.folder import ContentFolder
from tests.street import build_street

pytestmark = pytest.mark.database

TOKEN = "m" * 40
ELSEWHERE, HERE = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "127.0.0.1"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PASSED_ON = {"X-Forwarded-For": "203.0.113.9"}

#: Who calls, from where, and with what. The last two come through proxies on this machine.
CALLERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "reader": (ELSEWHERE, {}),
    "here": (HERE, {}),
    "token": (ELSEWHERE, BEARER),
    "forged": (ELSEWHERE, {"Authorization": "Bearer " + "x" * 40}),
    "proxied": (HERE, PASSED_ON),
    "proxied+token": (HERE, PASSED_ON | BEARER),
}

#: endpoint, address, and what each caller gets, in the order of CALLERS.
DOORS = """
    site.show               /                                  200 200 200 200 200 200
    site.show               /about/                            200 200 200 200 200 200
    site.show               /who-we-are/                       301 301 301 301 301 301
    site.show               /no-such-page/                     404 404 404 404 404 404
    blog.index              /garden/                           200 200 200 200 200 200
    blog.index              /garden/page/2/                    200 200 200 200 200 200
    blog.show               /garden/tulips/                    200 200 200 200 200 200
    blog.show               /garden/later/                     404 404 404 404 404 404
    blog.card               /garden/tulips/card.png            200 200 200 200 200 200
    blog.card               /garden/later/card.png             404 404 404 404 404 404
    blog.tags               /garden/tags/                      200 200 200 200 200 200
    blog.tag                /garden/tags/bulbs/                200 200 200 200 200 200
    blog.tag                /garden/tags/bulbs/page/2/         200 200 200 200 200 200
    blog.authors            /garden/authors/                   200 200 200 200 200 200
    blog.author             /garden/authors/mira/              200 200 200 200 200 200
    blog.author             /garden/authors/mira/page/2/       200 200 200 200 200 200
    blog.archive            /garden/archive/                   200 200 200 200 200 200
    blog.year               /garden/archive/2026/              200 200 200 200 200 200
    blog.year               /garden/archive/2026/page/2/       200 200 200 200 200 200
    blog.month              /garden/archive/2026/03/           200 200 200 200 200 200
    blog.month              /garden/archive/2026/03/page/2/    200 200 200 200 200 200
    blog.serieses           /garden/series/                    200 200 200 200 200 200
    blog.series             /garden/series/a-year/             200 200 200 200 200 200
    discovery.find          /search/                           200 200 200 200 200 200
    discovery.atom          /garden/feed.xml                   200 200 200 200 200 200
    discovery.json          /garden/feed.json                  200 200 200 200 200 200
    discovery.sitemap       /sitemap.xml                       200 200 200 200 200 200
    discovery.sitemap_part  /sitemap-1.xml                     200 200 200 200 200 200
    discovery.robots        /robots.txt                        200 200 200 200 200 200
    discovery.security      /.well-known/security.txt          200 200 200 200 200 200
    assets.show             /static/site.css                   200 200 200 200 200 200
    media.show              /media/none.webp                   404 404 404 404 404 404
    health.alive            /livez                             200 200 200 200 200 200
    health.ready            /readyz                            200 200 200 200 200 200
    health.metrics          /metrics                           404 200 200 404 404 200
"""
ROWS = [line.split() for line in DOORS.strip().splitlines()]


@pytest.fixture
def street(make_app: Any, content: ContentFolder) -> Flask:
    """Green Street with a metrics token, read."""
    from app.core.content import sync

    build_street(content)
    app: Flask = make_app(METRICS_TOKEN=TOKEN)
    with app.app_context():
        sync()
    return app


def call(client: FlaskClient, caller: str, address: str, method: str = "GET", **more: str) -> Any:
    place, headers = CALLERS[caller]
    return client.open(
        address, method=method, headers=headers | more, environ_overrides=place, buffered=True
    )


def test_the_table_is_what_happens(street: Flask) -> None:
    client = street.test_client()
    seen = {
        (address, caller): call(client, caller, address).status_code
        for _endpoint, address, *_codes in ROWS
        for caller in CALLERS
    }
    wanted = {
        (address, caller): int(code)
        for _endpoint, address, *codes in ROWS
        for caller, code in zip(CALLERS, codes, strict=True)
    }
    assert {key: code for key, code in seen.items() if wanted[key] != code} == {}


def test_every_rule_is_in_the_table(street: Flask) -> None:
    present = set()
    for endpoint, address, *_codes in ROWS:
        with street.test_request_context(address, environ_base=HERE) as context:
            street.preprocess_request()
            assert context.request.endpoint == endpoint, address
            assert context.request.url_rule
            present.add(context.request.url_rule.rule)
    assert present == {rule.rule for rule in street.url_map.iter_rules()}


def test_only_what_watches_the_site_is_kept_from_readers(street: Flask) -> None:
    labels = {endpoint: label_of(view) for endpoint, view in street.view_functions.items()}
    assert {endpoint for endpoint, label in labels.items() if label != "public"} == {
        "health.metrics"
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_door_takes_an_unsafe_method(street: Flask, method: str) -> None:
    client = street.test_client()
    own = {"Sec-Fetch-Site": "same-origin"}
    for _endpoint, address, *_codes in ROWS:
        for caller in CALLERS:
            assert call(client, caller, address, method).status_code in (403, 404, 405)
            assert call(client, caller, address, method, **own).status_code in (404, 405)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_safe_methods_open_no_door_that_is_shut(street: Flask, method: str) -> None:
    client = street.test_client()
    for caller, code in (("reader", 404), ("proxied", 404), ("here", 200)):
        assert call(client, caller, "/metrics", method).status_code == code


@pytest.mark.parametrize(
    "address", ["//metrics", "/metrics/", "/Metrics", "/metrics/.", "/%6detrics/", "/metrics;x"]
)
def test_no_other_spelling_opens_a_shut_door(street: Flask, address: str) -> None:
    answer = call(street.test_client(), "reader", address)
    assert b"clientflow_" not in answer.data
    assert answer.status_code in (308, 400, 404)


def test_an_endpoint_without_a_label_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/unlabelled/", "unlabelled", lambda: "")
    with pytest.raises(UnlabelledEndpoint, match="unlabelled"):
        check_labels(app)
