"""Walking a whole site as a reader's browser, a feed reader and a search engine would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from app.core import clock

SEEDS = (
    *("/", "/search/", "/search/?q=cookie", "/search/?q=nothingofthiskind", "/sitemap.xml"),
    *("/robots.txt", "/.well-known/security.txt", "/livez", "/readyz", "/static/site.css"),
)
_CSS_URL = re.compile(r'url\(\s*["\']?([^"\')]+)')
_XML_ADDRESS = re.compile(r"<loc>([^<]+)</loc>|<link [^>]*href=\"([^\"]+)\"|<id>([^<]+)</id>")


@dataclass
class Markup(HTMLParser):
    """What one page links to, needs, and names."""

    #: (element, attribute, value) of everything a browser may fetch or follow.
    addresses: list[tuple[str, str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if "id" in given:
            self.ids.add(given["id"])
        sends = tag == "form" and given.get("method", "").lower() == "post"
        for name in ("href", "src", "action", "poster", "data", "cite"):
            # A form that sends something is no address to follow.
            if name in given and not (sends and name == "action"):
                self.addresses.append((tag, name, given[name]))
        for candidate in filter(None, given.get("srcset", "").split(",")):
            self.addresses.append((tag, "srcset", candidate.split()[0]))
        if tag == "meta" and given.get("property") == "og:image":
            self.addresses.append((tag, "content", given["content"]))


@dataclass
class Visited:
    """One answer, and who led there."""

    address: str
    answer: TestResponse
    found_on: str
    markup: Markup | None = None

    def links(self) -> Iterator[str]:
        """Every address this answer names."""
        kind = self.answer.mimetype
        if self.markup:
            yield from (value for _tag, _name, value in self.markup.addresses)
        elif kind == "text/css":
            yield from _CSS_URL.findall(self.answer.text)
        elif kind.endswith("xml"):
            for groups in _XML_ADDRESS.findall(self.answer.text):
                yield from filter(None, groups)
        elif kind == "application/feed+json":
            yield from (item["url"] for item in self.answer.json["items"])


def read_markup(answer: TestResponse) -> Markup | None:
    """The markup of a page, or `None` for anything else, such as a way to another one."""
    if answer.mimetype != "text/html" or answer.status_code == 303:
        return None
    markup = Markup()
    markup.feed(answer.text)
    return markup


def internal(app: Flask, address: str) -> str | None:
    """The address as a path of this site, or `None` when it leads elsewhere."""
    whole = urljoin(app.config["BASE_URL"], address)
    if not whole.startswith(app.config["BASE_URL"] + "/"):
        return None
    parts = urlsplit(urldefrag(whole).url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def crawl(
    app: Flask, *, at: datetime | None = None, headers: dict[str, str] | None = None
) -> dict[str, Visited]:
    """Every address that can be reached from the seeds, once, by its path, at one moment."""
    with time_machine.travel(at or clock.now(), tick=False):
        return _walk(app, headers or {})


def _walk(app: Flask, headers: dict[str, str]) -> dict[str, Visited]:
    client = app.test_client()
    visited: dict[str, Visited] = {}
    waiting = [(seed, "the seeds") for seed in SEEDS]
    while waiting:
        address, found_on = waiting.pop()
        if address in visited:
            continue
        answer = client.get(address, headers=headers, buffered=True)
        visit = Visited(address, answer, found_on, read_markup(answer))
        visited[address] = visit
        base = urljoin(app.config["BASE_URL"], address)
        for link in visit.links():
            path = internal(app, urljoin(base, link))
            if path is not None and path not in visited:
                waiting.append((path, address))
    return visited
