"""How heavy the shipped pages are, in bytes of HTML."""

import pytest

from tests.crawl import Visited

pytestmark = pytest.mark.database

HEAVIEST_POST = 20_000


def before_comments(page: bytes) -> bytes:
    """A post's page up to what its readers wrote."""
    return page.partition(b'id="comments"')[0]


def test_every_shipped_post_is_light_before_its_comments(pages: dict[str, Visited]) -> None:
    posts = {
        address: len(before_comments(visit.answer.data))
        for address, visit in pages.items()
        if b'"@type":"BlogPosting"' in visit.answer.data
    }
    assert len(posts) >= 14
    assert {address: size for address, size in posts.items() if size > HEAVIEST_POST} == {}
