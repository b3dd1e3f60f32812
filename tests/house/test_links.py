"""Everything the shipped site points at is there, and nothing is fetched from elsewhere."""

import re
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.crawl import Visited, internal

pytestmark = pytest.mark.database

#: What a browser fetches by itself; anything else is only followed by a reader's hand.
FETCHED = {("img", "src"), ("img", "srcset"), ("source", "srcset"), ("script", "src")}
FETCHED |= {("iframe", "src"), ("object", "data"), ("video", "poster"), ("form", "action")}
NOT_FETCHED_LINKS = {"canonical", "alternate", "prev", "next", "license"}


def test_the_crawl_reaches_the_site(shipped: Flask, pages: dict[str, Visited]) -> None:
    kinds = {visit.answer.mimetype for visit in pages.values()}
    assert len(pages) > 100
    assert {"text/html", "text/css", "image/webp", "image/png", "font/woff2"} <= kinds
    assert {"application/atom+xml", "application/feed+json", "application/xml"} <= kinds


def test_every_internal_address_answers(shipped: Flask, pages: dict[str, Visited]) -> None:
    broken = [
        (visit.found_on, visit.address, visit.answer.status_code)
        for visit in pages.values()
        if visit.answer.status_code != 200 and not leads_on(shipped, visit.answer)
    ]
    assert broken == []


def leads_on(app: Flask, answer: TestResponse) -> bool:
    """Whether an answer leads to a page, as the account leads to the log-in."""
    if answer.status_code != 303:
        return False
    path = internal(app, answer.location)
    return path is not None and app.test_client().get(path).status_code == 200


def test_every_fragment_names_something_on_its_page(
    shipped: Flask, pages: dict[str, Visited]
) -> None:
    broken = []
    for visit in pages.values():
        for link in visit.links() if visit.markup else ():
            address, fragment = urldefrag(urljoin(f"http://127.0.0.1:8000{visit.address}", link))
            path = internal(shipped, address)
            target = pages[path].markup if fragment and path else None
            if target and unquote(fragment) not in target.ids:
                broken.append((visit.address, link))
    assert broken == []


@pytest.mark.promise("no-third-party")
def test_no_page_fetches_from_another_host(shipped: Flask, pages: dict[str, Visited]) -> None:
    foreign = []
    for visit in pages.values():
        for tag, given in visit.markup.elements if visit.markup else ():
            for name in ("src", "srcset", "href", "data", "poster", "action"):
                is_link = tag == "link" and given.get("rel") not in NOT_FETCHED_LINKS
                if name not in given or not ((tag, name) in FETCHED or is_link):
                    continue
                parts = given[name].split(",") if name == "srcset" else [given[name]]
                if not all(internal(shipped, part.split()[0]) for part in parts):
                    foreign.append((visit.address, tag, given[name]))
        if visit.answer.mimetype in ("text/css", "image/svg+xml"):
            told = re.sub(r"http://www\.w3\.org/\S+", "", visit.answer.text)
            if "//" in re.sub(r"/\*.*?\*/", "", told, flags=re.DOTALL):
                foreign.append((visit.address, "css", "//"))
    assert foreign == []
