"""Fills a site with made posts and comments: `python -m bench.talkers 100000 1000000`.

Prints the session cookie of somebody who moderates every blog.
Half of the comments stand under one post. They are sealed as the site seals them, and written
without being judged one by one, which is another measurement (G4).
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.accounts.sessions import begin_session
from app.blog import Blog, Post
from app.blog.shelving import list_post, settle_listings
from app.comments import Comment, State
from app.core import clock
from app.core.config import Config
from app.core.database import db, transaction
from app.core.markup import REMARK_VERSION
from app.core.privacy import seal
from bench.corpus import made_posts
from tests.cast import MIRA
from tests.people import PLACE, make_member, member

BATCH = 5_000
PER_PAGE = 50
HELD = 10_000
#: The one whose comments the bench looks for; a page of them, whatever the number of all.
THEIRS = 50
KNOWN_EMAIL, KNOWN_ADDRESS = "known@example.org", "2001:db8:ffff:1::1"
PEOPLE = 5
SPAN = timedelta(days=80)
TEXT = "A made comment of usual length, which agrees with the post and adds one thing to it. "


def main(posts: int, number: int) -> None:
    """Add posts, then comments, of which the last ten thousand (or a tenth) still wait."""
    app = create_app(Config.from_env())
    with app.app_context():
        _add_posts(posts)
        held = min(HELD, number // 10)
        threads = [
            Thread(row.id, row.blog_id)
            for row in db.session.execute(sa.select(Post.id, Post.blog_id).order_by(Post.id))
        ]
        rows = _rows(threads, number, held)
        while batch := list(islice(rows, BATCH)):
            with transaction() as session:
                session.execute(sa.insert(Comment), batch)
        with transaction() as session:
            session.execute(
                sa.update(Post),
                [
                    {"id": each.post_id, "comment_count": each.shown, "comment_pages": each.page}
                    for each in threads
                    if each.shown
                ],
            )
            # PostgreSQL does this by itself, a minute after so much was added.
            session.execute(sa.text("ANALYZE"))
        print(_moderator())


@dataclass
class Thread:
    """The comments under one post so far."""

    post_id: int
    blog_id: int
    shown: int = 0

    @property
    def page(self) -> int:
        """The last page of the thread."""
        return -(-self.shown // PER_PAGE)


def _add_posts(number: int) -> None:
    """Posts of the first blog, listed as those that were read from files."""
    pattern = db.session.scalars(sa.select(Post).options(sa.orm.undefer("*")).limit(1)).one()
    same = {column.key: getattr(pattern, column.key) for column in sa.inspect(Post).column_attrs}
    for first in range(0, number, BATCH):
        with transaction() as session:
            for index, made in made_posts(first, min(first + BATCH, number), words=1):
                at = made.at
                own = {"slug": f"made-{index}", "source": f"made/{index}.md", "digest": str(index)}
                own |= {"title": made.title, "published_at": at, "published_on": at.date()}
                own |= {"tags": [{"slug": tag, "name": tag} for tag in made.tags], "id": None}
                post = Post(**same | own)
                session.add(post)
                session.flush()
                list_post(session, post, is_new=True)
    with transaction() as session:
        settle_listings(session)


def _rows(threads: list[Thread], number: int, held: int) -> Iterator[dict[str, Any]]:
    begins = clock.now() - SPAN
    for index in range(number):
        thread = threads[0 if index % 2 else index // 2 % len(threads)]
        is_held = index >= number - held
        at = begins + SPAN * index / number
        person = index // PEOPLE
        is_known = index % (number // THEIRS) == 7
        comment = Comment(
            author_email=seal(KNOWN_EMAIL if is_known else f"reader{person}@example.org"),
            author_ip=seal(
                KNOWN_ADDRESS if is_known else f"2001:db8:{person >> 16:x}:{person & 65_535:x}::1"
            ),
        )
        thread.shown += not is_held
        text = f"{TEXT}Number {index}."
        sealed = ("author_email", "author_email_lookup", "author_ip", "author_ip_lookup")
        yield {name: getattr(comment, name) for name in (*sealed, "author_ip_near", "uid")} | {
            "blog_id": thread.blog_id,
            "post_id": thread.post_id,
            "created_at": at,
            "shown_at": None if is_held else at,
            "state": State.HELD if is_held else State.SHOWN,
            "revision": 0,
            "page": None if is_held else thread.page,
            "author_name": f"Reader {person}",
            "text": text,
            "html": f"<p>{text}</p>",
            "html_version": REMARK_VERSION,
            "wants_replies": False,
            "is_by_author": False,
            "reasons": [],
            "status_token_hash": hashlib.sha256(str(index).encode()).digest(),
        }


def _moderator() -> str:
    """The session cookie of an administrator of every blog."""
    for slug in list(db.session.scalars(sa.select(Blog.slug))):
        make_member(MIRA, role="administrator", blog=slug)
    with transaction():
        return begin_session(member(MIRA), PLACE).token


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
