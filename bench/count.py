"""T1: what it costs a kept page that it is counted."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from app import create_app
from app.core.config import Config
from app.trends.counting import CountingLayer
from bench.report import Finding

REQUESTS, ROUNDS = 100_000, 7
MOST = 1.0  # microseconds

_ASKED = {
    "PATH_INFO": "/blog/the-first-release/",
    "REQUEST_METHOD": "GET",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "HTTP_ACCEPT_LANGUAGE": "de-AT,en;q=0.5",
    "HTTP_REFERER": "https://news.example.org/item",
}


def measure() -> Iterator[Finding]:
    """The processor's time with the layer, less that without, in the same run."""
    layer = CountingLayer(create_app(Config.for_tests()), _kept)
    bare, counted = float("inf"), float("inf")
    for _round in range(ROUNDS):
        bare = min(bare, _microseconds(_kept))
        counted = min(counted, _microseconds(layer))
    yield Finding("T1", "Counting a page that is kept", counted - bare, MOST, "µs")


def _kept(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


def _microseconds(application: Callable[..., Any]) -> float:
    began = time.process_time()
    for _request in range(REQUESTS):
        application(_ASKED, _started)
    return (time.process_time() - began) / REQUESTS * 1e6


def _started(_status: str, _headers: Any, _exc_info: Any = None) -> None:
    """What a server does with the head of an answer is no part of this."""
