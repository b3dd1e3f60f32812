"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, from whatever features publish."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.core.errors import Missing
from app.core.registry import Feed, FeedEntry, registry
from app.core.web import absolute

_ADDRESS = re.compile(r'\b(href|src)="([/#][^"]*)"')
# Text may hold quotes too, so only tags are looked into; their values hold no raw `>`.
_TAG = re.compile(r"<[a-z][^<>]*>")
_SRCSET = re.compile(r'\bsrcset="([^"]*)"')
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def feed_at(address: str) -> Feed:
    """The feed of the list at an address, all its links absolute. Raises `Missing`."""
    for feed_of in registry().every("feeds"):
        feed = feed_of(address)
        if feed is not None:
            return replace(feed, entries=tuple(_absolute(entry) for entry in feed.entries))
    raise Missing


def changed_at(feed: Feed) -> datetime:
    """When anything in the feed last changed."""
    return max((entry.updated_at for entry in feed.entries), default=_NEVER)


def json_feed(feed: Feed, *, language: str) -> str:
    """The feed as JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/"""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.description,
            "home_page_url": absolute(feed.address),
            "feed_url": absolute(f"{feed.address}feed.json"),
            "language": language,
            "items": [_item(entry) for entry in feed.entries],
        },
        ensure_ascii=False,
    )


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published_at.isoformat(timespec="seconds"),
        "date_modified": entry.updated_at.isoformat(timespec="seconds"),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.tags),
    }


def _absolute(entry: FeedEntry) -> FeedEntry:
    """The entry with addresses that work in a reader, far from this site."""
    address = absolute(entry.address)

    def link(found: re.Match[str]) -> str:
        target = found[2]
        whole = address + target if target.startswith("#") else absolute(target)
        return f'{found[1]}="{whole}"'

    def pictures(found: re.Match[str]) -> str:
        whole = ", ".join(absolute(picture) for picture in found[1].split(", "))
        return f'srcset="{whole}"'

    def tag(found: re.Match[str]) -> str:
        return _SRCSET.sub(pictures, _ADDRESS.sub(link, found[0]))

    html = _TAG.sub(tag, entry.html)
    return replace(entry, address=address, html=html)
