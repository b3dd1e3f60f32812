"""The layer in front of all pages that counts visitors who agreed to it, and nobody else.

It stands outside of whatever keeps pages, so that the one cookie a public answer may carry
is never kept with it. Without a yes that holds now, nothing is set and nothing is counted.
"""

import logging
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import EnvironHeaders, Headers
from werkzeug.wsgi import ClosingIterator

from app.core import clock
from app.core.web import cookie_header, running_name

from .choices import Choice, read_choice, values_of
from .terms import SEEN, terms_of
from .visits import count_visitor

log = logging.getLogger(__name__)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Layer = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SeenLayer:
    """WSGI middleware: the day of the last visit, for visitors who agreed."""

    def __init__(self, app: Flask, inner: Layer) -> None:
        self.app = app
        self.inner = inner
        self.terms = terms_of(app)
        self.is_secure = app.config["BASE_URL"].startswith("https://")
        self.name = running_name(SEEN, secure=self.is_secure)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        # Most visitors have no cookie at all, and cost one look.
        if "HTTP_COOKIE" not in environ:
            return self.inner(environ, start_response)
        asked = EnvironHeaders(environ)
        visit = _Visit(self, asked, read_choice(asked, self.terms), clock.now().date())
        if environ["REQUEST_METHOD"] != "GET":
            visit.is_page = False

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, visit.marked(status, headers), *more)

        return ClosingIterator(self.inner(environ, begin), [visit.settle])

    def line(self, value: str) -> str:
        """The header that sets the cookie, or expires it with an empty value."""
        return cookie_header(SEEN, value, secure=self.is_secure)


class _Visit:
    """One request of somebody who has cookies."""

    def __init__(self, layer: SeenLayer, asked: Any, choice: Choice, today: date) -> None:
        self.layer = layer
        self.choice = choice
        self.today = today
        self.sent = next(iter(values_of(layer.name, asked.get("Cookie", ""))), None)
        self.last = _day(self.sent)
        self.is_page = "prefetch" not in asked.get("Sec-Purpose", asked.get("Purpose", ""))
        self.counts = False

    def marked(self, status: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The answer's headers, with the cookie set, expired or left alone."""
        given = Headers(headers)
        is_named = any(
            line.startswith(f"{self.layer.name}=") for line in given.getlist("Set-Cookie")
        )
        if is_named:
            # The answer itself is a withdrawal, which has the last word.
            return headers
        if not self.choice.measurement:
            if self.sent is not None:
                _mark(given, self.layer.line(""))
        elif self.last != self.today and self.is_page and _is_public_page(status, given):
            self.counts = True
            _mark(given, self.layer.line(self.today.isoformat()))
        return list(given)

    def settle(self) -> None:
        """Count, after the page is on its way."""
        if not self.counts:
            return
        try:
            with self.layer.app.app_context():
                count_visitor(self.last, self.today)
        except SQLAlchemyError:
            # A database that is away costs a count, never a page.
            log.warning("visitor not counted")


def _mark(headers: Headers, line: str) -> None:
    headers.add("Set-Cookie", line)
    kept = headers.get("Cache-Control", "")
    if "no-store" not in kept:
        # For this visitor only; a cache that others share must not have it.
        headers["Cache-Control"] = "private, no-cache"


def _is_public_page(status: str, headers: Headers) -> bool:
    is_page = headers.get("Content-Type", "").startswith("text/html") or status.startswith("304")
    is_shown = status.startswith(("200", "304"))
    varies = "cookie" in headers.get("Vary", "").lower()
    return is_page and is_shown and varies and "no-store" not in headers.get("Cache-Control", "")


def _day(text: str | None) -> date | None:
    """The day of a cookie; one that was tampered with tells nothing."""
    if not text or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def seen_layer(app: Flask) -> Callable[[Layer], Layer]:
    """What puts the layer around an app."""
    return lambda inner: SeenLayer(app, inner)
