"""Following every link of the public pages, inside this process, as far as the site goes."""

import re
import time
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException

from app.core.registry import registry

#: Enough for a large site; a larger one is looked at in part, and takes no longer.
MOST_PAGES = 2_000
MOST_SECONDS = 60
_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')


@dataclass(frozen=True)
class BrokenLink:
    """A link that leads nowhere, and the first page it stands on."""

    page: str
    target: str


def broken_links() -> tuple[int, list[BrokenLink]]:
    """How many pages were read, and the links on them that lead nowhere."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    until = time.monotonic() + MOST_SECONDS
    answers: dict[str, bool] = {}
    first_on: dict[str, str] = {}
    pages = 0
    for path in _pages():
        if pages >= MOST_PAGES or time.monotonic() > until:
            break
        pages += 1
        answers[path], text = _answer(app, path)
        for target in _targets(app, path, text):
            first_on.setdefault(target, path)
    for target in first_on:
        if target not in answers and time.monotonic() < until:
            answers[target], _text = _answer(app, target)
    return pages, [
        BrokenLink(page, target)
        for target, page in first_on.items()
        if not answers.get(target, True)
    ]


def _pages() -> list[str]:
    """The path of each public page, as the sitemap names them."""
    found = (location for give in registry().every("sitemap") for location in give())
    return list(dict.fromkeys(urlsplit(location.address).path or "/" for location in found))


def _targets(app: Flask, page: str, text: str) -> set[str]:
    """The paths of the site that a page links to."""
    base = app.config["BASE_URL"]
    found = set()
    for link in _LINK.findall(text):
        address, _fragment = urldefrag(urljoin(f"{base}{page}", unescape(link)))
        if address.startswith(f"{base}/"):
            found.add(urlsplit(address).path)
    return found


def _answer(app: Flask, path: str) -> tuple[bool, str]:
    """Whether there is something at a path, and the page that is there."""
    # In contexts of its own: what one page has looked up is not the next one's to use.
    with app.app_context(), app.test_request_context(path, base_url=app.config["BASE_URL"]):
        try:
            answer = app.full_dispatch_request()
        except HTTPException as problem:
            return (problem.code or 500) < 400, ""
        if answer.mimetype != "text/html" or answer.is_streamed:
            answer.close()
            return answer.status_code < 400, ""
        return answer.status_code < 400, answer.get_data(as_text=True)
