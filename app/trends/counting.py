"""Noting what was shown, around everything that keeps pages, so that a kept page counts too.

On a request's way nothing is read but a few headers, and nothing is done but to put them at
the end of a queue. A thread of each web process empties that queue twice a second, sorts once
a minute what it found and adds it to the database in one transaction. A process that dies
loses its last minute, one that is told to end loses nothing.
"""

import logging
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import date
from multiprocessing.util import Finalize
from typing import Any
from weakref import WeakMethod

from flask import Flask
from sqlalchemy.exc import DataError, SQLAlchemyError

from app.core import clock
from app.core.database import db
from app.core.web import session_names

from .hits import Hit, sort
from .places import Places
from .tallies import Key, add

log = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: How much waits to be looked at; of more, the oldest is forgotten.
LONGEST_QUEUE = 32_768
#: How much waits for the database: kinds of requests to be sorted, and totals to be added.
MOST_WAITING = 20_000
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BETWEEN_FLUSHES = 60.0
#: Before the database's own threads are gone.
_EXIT_PRIORITY = 100


class Noted:
    """What was noted in this process and is not in the database yet."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.places = Places(app)
        self.queue: deque[tuple[Any, ...]] = deque(maxlen=LONGEST_QUEUE)
        #: Requests that are the same in all that was noted, by day and hour.
        self.hits: Counter[tuple[date, int, Hit]] = Counter()
        self.counts: Counter[Key] = Counter()
        self.lock = threading.Lock()

    def look(self) -> None:
        """Empty the queue."""
        at = clock.now()
        day, hour = at.date(), at.hour
        with self.lock:
            try:
                while True:
                    self.hits[day, hour, Hit.noted(*self.queue.popleft())] += 1
            except IndexError:
                pass
            is_crowded = len(self.hits) >= MOST_WAITING
        if is_crowded:
            self.settle()

    def settle(self) -> None:
        """Sort what was found, and add it to the totals; what cannot be added waits.

        Raises what anything but a database that is away brings about, and forgets what did.
        """
        with self.app.app_context(), self.lock:
            try:
                self._sort()
                add(self.counts)
                self.counts.clear()
            except Exception as problem:
                if not _may_pass(problem):
                    # What is odd would stop all that comes after it, minute by minute.
                    (self.hits or self.counts).clear()
                    raise
                self._wait()
            finally:
                db.session.remove()

    def finish(self) -> None:
        """Add all there is."""
        self.look()
        self.settle()

    def _sort(self) -> None:
        """Turn hits into counts, each of them when it is known what it adds to."""
        pages: dict[str, str | None] = {}

        def page_at(path: str) -> str | None:
            if path not in pages:
                pages[path] = self.places.page_at(path)
            return pages[path]

        own = self.app.config["hosts"]
        for noted, count in list(self.hits.items()):
            day, hour, hit = noted
            values = list(sort(hit, hour, page_at, own))
            del self.hits[noted]
            for dimension, value in values:
                self.counts[day, dimension, value] += count

    def _wait(self) -> None:
        """A database that is away costs time, and no more memory than this."""
        waiting = len(self.hits) + len(self.counts)
        log.warning("views of pages wait to be added", extra={"totals": waiting})
        if waiting > MOST_WAITING:
            self.hits.clear()
            self.counts.clear()


class CountingLayer:
    """WSGI middleware: notes each page that was asked for, and what became of it."""

    def __init__(self, app: Flask, inner: Application) -> None:
        self.inner = inner
        self.noted = Noted(app)
        self.note = self.noted.queue.append
        self.names = session_names(app)
        #: Whether the thread runs in this process; tests empty the queue by hand.
        self.is_tended = bool(app.config["TESTING"])
        self.starting = threading.Lock()
        if not self.is_tended:
            # Weakly: what is registered lives as long as the process, and an app that does would
            # never close its database, whose log SQLite then leaves behind.
            begin_anew = WeakMethod(self._begin_anew)
            os.register_at_fork(after_in_child=lambda: (begin_anew() or _nothing)())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        # Every page ends so; style sheets, pictures, feeds and what sends something are no pages.
        if path[-1:] != "/" or environ["REQUEST_METHOD"] != "GET":
            return self.inner(environ, start_response)
        if not self.is_tended:
            self._tend()
        get, note = environ.get, self.note
        # Longer than ever needed, but for half a second only: cutting would take time here.
        asked = (
            path,
            get("HTTP_USER_AGENT"),
            get("HTTP_ACCEPT_LANGUAGE"),
            get("HTTP_REFERER"),
            get("HTTP_SEC_PURPOSE"),
            get("HTTP_PURPOSE"),
            get("HTTP_SEC_GPC"),
            get("HTTP_DNT"),
            "HTTP_COOKIE" in environ and self._is_signed_in(environ["HTTP_COOKIE"]),
        )

        def begin(status: str, headers: Any, exc_info: Any = None) -> Any:
            note((status, asked))
            if exc_info is None:
                return start_response(status, headers)
            return start_response(status, headers, exc_info)

        return self.inner(environ, begin)

    def _is_signed_in(self, cookie: str) -> bool:
        return any(name in cookie for name in self.names)

    def _tend(self) -> None:
        """Begin the thread, once a process; one that was forked has none yet."""
        with self.starting:
            if self.is_tended:
                return
            self.is_tended = True
        stop = threading.Event()
        threading.Thread(target=self._run, args=(stop,), name="trends", daemon=True).start()
        # Web processes are children that end without the hooks of a main process.
        Finalize(None, self._stop, args=(stop,), exitpriority=_EXIT_PRIORITY)

    def _run(self, stop: threading.Event) -> None:
        looks = round(SECONDS_BETWEEN_FLUSHES / SECONDS_BETWEEN_LOOKS)
        while not stop.is_set():
            for _look in range(looks):
                if stop.wait(SECONDS_BETWEEN_LOOKS):
                    return
                self._guarded(self.noted.look)
            self._guarded(self.noted.settle)

    def _stop(self, stop: threading.Event) -> None:
        stop.set()
        self._guarded(self.noted.finish)

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # The counter must outlive whatever it stumbles over.
            log.exception("views of pages not counted")

    def _begin_anew(self) -> None:
        self.is_tended = False
        self.starting = threading.Lock()
        self.noted.lock = threading.Lock()
        self.noted.queue.clear()
        self.noted.hits.clear()
        self.noted.counts.clear()


def _may_pass(problem: Exception) -> bool:
    """Whether it is the database's, and not of what was asked of it."""
    return isinstance(problem, SQLAlchemyError) and not isinstance(problem, DataError)


def _nothing() -> None:
    """What an app that is gone does."""


def counting_layer(app: Flask) -> Callable[[Application], Application]:
    """What puts the layer around an app."""

    def around(inner: Application) -> Application:
        layer = CountingLayer(app, inner)
        app.extensions["trends"] = layer.noted
        return layer

    return around
