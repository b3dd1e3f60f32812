"""Fills the search index of a site with made posts: `python -m bench.fill 100000`.

The index is filled directly, as the site itself does after rendering; a hundred thousand files
would have to be rendered first, which is another measurement (G8).
"""

import sys
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.core.config import Config
from app.core.database import transaction
from app.discovery.models import SearchEntry
from bench.corpus import made_posts

BATCH = 1_000
WORDS = 250


def main(number: int) -> None:
    """Add `number` documents under a source name that no feature looks after."""
    app = create_app(Config.from_env())
    with app.app_context():
        for first in range(0, number, BATCH):
            with transaction() as session:
                session.execute(sa.insert(SearchEntry), list(_entries(first, number)))
        with transaction() as session:
            # PostgreSQL does this by itself, a minute after so much was added.
            session.execute(sa.text("ANALYZE"))


def _entries(first: int, number: int) -> Iterator[dict[str, Any]]:
    for index, post in made_posts(first, min(first + BATCH, number), words=WORDS):
        yield {
            "source": "bench",
            "source_id": index,
            "digest": "",
            "address": f"/archive/made-{index}/",
            "section": "Archive",
            "title": post.title,
            "summary": post.text[:200],
            "body": post.text,
            "visible_from": post.at,
            "visible_until": None,
        }


if __name__ == "__main__":
    main(int(sys.argv[1]))
