"""Feeds keep every rule of their formats, whatever is written."""

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_atom(text: str) -> ElementTree.Element:
    assert not NOT_XML.search(text)
    return ElementTree.fromstring(text)


def text_of(element: ElementTree.Element, name: str) -> str:
    """The text of a child that must be there exactly once."""
    [child] = element.findall(ATOM + name)
    assert child.text
    assert child.text.strip()
    return child.text


def assert_atom(text: str) -> ElementTree.Element:
    """The rules of RFC 4287, section 4.1, for what we publish."""
    feed = read_atom(text)
    assert feed.tag == f"{ATOM}feed"
    identifiers = [text_of(feed, "id")]
    text_of(feed, "title")
    assert RFC_3339.fullmatch(text_of(feed, "updated"))
    links = {link.get("rel"): link.attrib for link in feed.findall(f"{ATOM}link")}
    assert {"self", "alternate"} <= set(links)
    authors = feed.findall(f"{ATOM}author")
    for entry in feed.findall(f"{ATOM}entry"):
        identifiers.append(text_of(entry, "id"))
        text_of(entry, "title")
        assert authors or entry.findall(f"{ATOM}author")
        for name in ("updated", "published"):
            assert RFC_3339.fullmatch(text_of(entry, name))
            datetime.fromisoformat(text_of(entry, name))
        [alternate] = [
            link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert alternate.get("href", "").startswith("http")
        [body] = entry.findall(f"{ATOM}content")
        assert body.get("type") == "html"
        assert len(entry.findall(f"{ATOM}summary")) <= 1
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
    for element in feed.iter(f"{ATOM}author"):
        text_of(element, "name")
    for element in feed.iter(f"{ATOM}link"):
        assert element.get("href", "").startswith(("http://", "https://"))
    assert len(set(identifiers)) == len(identifiers)
    assert all(identifier.startswith("http") for identifier in identifiers)
    return feed


def assert_json_feed(text: str) -> dict[str, Any]:
    """The rules of JSON Feed 1.1."""
    feed: dict[str, Any] = json.loads(text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"].startswith("http")
    assert feed["home_page_url"].startswith("http")
    assert re.fullmatch(r"[a-zA-Z]{2,3}(-\w+)*", feed["language"])
    identifiers = [item["id"] for item in feed["items"]]
    assert len(set(identifiers)) == len(identifiers)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"].startswith("http")
        assert item["content_html"]
        for name in ("date_published", "date_modified"):
            assert RFC_3339.fullmatch(item[name])
        assert all(set(author) <= {"name", "url", "avatar"} for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
    return feed


def test_the_shipped_feeds_keep_every_rule(shipped: Flask) -> None:
    client = shipped.test_client()
    for blog in ("blog", "engineering"):
        atom = client.get(f"/{blog}/feed.xml")
        assert atom.content_type == "application/atom+xml; charset=utf-8"
        assert len(assert_atom(atom.text).findall(f"{ATOM}entry")) > 1
        feed = client.get(f"/{blog}/feed.json")
        assert feed.content_type == "application/feed+json; charset=utf-8"
        assert len(assert_json_feed(feed.text)["items"]) > 1
        tags = set(
            re.findall(rf'href="(/{blog}/tags/[a-z0-9-]+/)"', client.get(f"/{blog}/tags/").text)
        )
        for tag in tags:
            assert_atom(client.get(f"{tag}feed.xml").text)


HOSTILE_TITLES = (
    *("a < b & c > d", "]]>", "<![CDATA[x]]>", "&amp;", "&#0;", "<script>alert(1)</script>"),
    *("quote \" and '", "bell \x07 here", "escape \x1b[31m", "backspace \x08", "\x0b\x0c"),
    *("bad \ufffe and \uffff", "next \x85 line", "right \u202e left", "👩‍👩‍👧", "日本語"),
)


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_no_title_breaks_a_feed(
    client: FlaskClient, content: ContentFolder, read: Any, title: str
) -> None:
    content.post("odd", f"Text: {title}", title=title, summary=title, tags=["bulbs"])
    # The check may refuse such a title; then the feed is just without it.
    is_refused = bool(read().problems)
    assert client.get("/garden/odd/").status_code == (404 if is_refused else 200)
    if is_refused:
        assert_atom(client.get("/garden/feed.xml").text)
        assert NOT_XML.search(title)
        return
    assert_atom(client.get("/garden/feed.xml").text)
    assert_atom(client.get("/garden/tags/bulbs/feed.xml").text)
    assert_json_feed(client.get("/garden/feed.json").text)


def test_addresses_in_a_feed_are_whole(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.picture("images/bed.png", 2_000, 1_000)
    content.post(
        "tulips",
        "See [about](/about/), [below](#more), [out](https://example.org/x).\n\n"
        "![A bed](../../../images/bed.png)\n\n## More\n\nText.[^1]\n\n[^1]: Note.\n",
    )
    read()
    [item] = json.loads(client.get("/garden/feed.json").text)["items"]
    for target in re.findall(r'(?:href|src)="([^"]*)"', item["content_html"]):
        assert target.startswith(("http://127.0.0.1:8000/", "https://example.org/")), target
    [sizes] = re.findall(r'srcset="([^"]*)"', item["content_html"])
    assert all(part.strip().startswith("http://127.0.0.1:8000/media/") for part in sizes.split(","))


def test_code_in_a_feed_stays_as_it_was_written(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("code", '```text\n<a href="/about/">x</a> src="/y"\n```\n\nAnd `href="/z"`.')
    read()
    [item] = json.loads(client.get("/garden/feed.json").text)["items"]
    plain = re.sub(r"<[^>]+>", "", item["content_html"]).replace("&quot;", '"')
    for written in ('href="/about/"', 'src="/y"', 'href="/z"'):
        assert written in plain


def test_feeds_hold_what_is_shown_and_nothing_else(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("shown")
    content.post("draft", draft=True)
    content.post("future", date="2099-01-01")
    content.post("over", unpublish="2026-04-01")
    content.post("elsewhere", blog="workshop")
    read()
    for address in ("/garden/feed.xml", "/garden/feed.json"):
        text = client.get(address).text
        assert "/garden/shown/" in text
        assert not [
            name for name in ("draft", "future", "over", "elsewhere") if f"/{name}/" in text
        ]


def test_a_blog_without_posts_has_an_empty_feed(client: FlaskClient, read: Any) -> None:
    read()
    assert_atom(client.get("/garden/feed.xml").text)
    assert_json_feed(client.get("/garden/feed.json").text)
