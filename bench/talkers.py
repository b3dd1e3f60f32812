"""Fills a site with made posts and comments: `python -m bench.talkers 100000 1000000`.

Prints the session cookie of somebody who moderates every blog; a site that is full already
only gets a new one. Half of the comments stand under one post. They are sealed as the site
seals them, and written without being judged one by one, which is another measurement (G4).
"""

import hashlib
import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.accounts import User
from app.accounts.sessions import begin_session
from app.blog import Blog, Post
from app.blog.models import Listing
from app.blog.shelving import listings_of, settle_listings
from app.comments import Comment, State
from app.core import clock
from app.core.config import Config
from app.core.database import db, is_sqlite, transaction
from app.core.markup import REMARK_VERSION
from app.core.privacy.columns import declaration_of
from app.core.privacy.sealed import envelope_of
from app.core.privacy.vault import hash_of, key_of, seal_text
from bench.corpus import made_posts
from tests.cast import MIRA
from tests.people import PLACE, make_member, member

BATCH = 20_000
PER_PAGE = 50
HELD = 10_000
#: The one whose comments the bench looks for; a page of them, whatever the number of all.
THEIRS = 50
KNOWN_EMAIL, KNOWN_ADDRESS = "known@example.org", "2001:db8:ffff:1::1"
PEOPLE = 5
SPAN = timedelta(days=80)
TEXT = "A made comment of usual length, which agrees with the post and adds one thing to it. "

_EMAIL = declaration_of(Comment.author_email)
_ADDRESS = declaration_of(Comment.author_ip)


def main(posts: int, number: int) -> None:
    """Add posts, then comments, of which the last ten thousand (or a tenth) still wait."""
    app = create_app(Config.from_env())
    with app.app_context():
        if not db.session.scalar(sa.select(sa.exists().where(Comment.id == number))):
            _hurry()
            _add_posts(posts)
            _add_comments(number)
            with transaction() as session:
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


def _hurry() -> None:
    """Let SQLite keep its indexes in memory and wait for no disk: what is lost is made anew."""

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("PRAGMA synchronous = OFF")

    if is_sqlite():
        db.session.remove()
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", hurry)


def _add_posts(number: int) -> None:
    """Posts of the first blog, listed as those that were read from files."""
    pattern = db.session.scalars(sa.select(Post).options(sa.orm.undefer("*")).limit(1)).one()
    same = {column.key: getattr(pattern, column.key) for column in sa.inspect(Post).column_attrs}
    last = db.session.scalar(sa.select(sa.func.max(Post.id))) or 0
    del same["id"]
    for first in range(0, number, BATCH):
        rows = []
        for index, made in made_posts(first, min(first + BATCH, number), words=1):
            own = {"slug": f"made-{index}", "source": f"made/{index}.md", "digest": str(index)}
            own |= {"title": made.title, "published_at": made.at, "published_on": made.at.date()}
            rows.append(same | own | {"tags": [{"slug": tag, "name": tag} for tag in made.tags]})
        with transaction() as session:
            session.execute(sa.insert(Post.__table__), rows)
            ids = session.scalars(sa.select(Post.id).where(Post.id > last).order_by(Post.id)).all()
            listed = [
                listing
                for post_id, row in zip(ids, rows, strict=True)
                for listing in listings_of(Post(id=post_id, **row))
            ]
            session.execute(sa.insert(Listing.__table__), listed)
        last = ids[-1]
    with transaction() as session:
        settle_listings(session)


def _add_comments(number: int) -> None:
    threads = [
        Thread(row.id, row.blog_id)
        for row in db.session.execute(sa.select(Post.id, Post.blog_id).order_by(Post.id))
    ]
    rows = _rows(threads, number, min(HELD, number // 10))
    while batch := list(islice(rows, BATCH)):
        with transaction() as session:
            _write(session, batch)
    with transaction() as session:
        session.execute(
            sa.update(Post),
            [
                {"id": each.post_id, "comment_count": each.shown, "comment_pages": each.page}
                for each in threads
                if each.shown
            ],
        )


def _write(session: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Many comments as one statement: PostgreSQL's counts are kept once a statement."""
    if is_sqlite():
        names = ", ".join(rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        moments = {name for name in rows[0] if name.endswith("_at")}
        raw = session.connection().connection.driver_connection
        raw.executemany(
            f"INSERT INTO comments ({names}) VALUES ({values})",
            [
                row
                | {name: row[name] and f"{row[name]:%Y-%m-%d %H:%M:%S.%f}" for name in moments}
                | {"uid": row["uid"].hex}
                for row in rows
            ],
        )
        return
    raw = session.connection().connection.driver_connection
    into = f"COPY comments ({', '.join(rows[0])}) FROM STDIN"
    with raw.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def _rows(threads: list[Thread], number: int, held: int) -> Iterator[dict[str, Any]]:
    begins = clock.now() - SPAN
    for index in range(number):
        thread = threads[0 if index % 2 else index // 2 % len(threads)]
        is_held = index >= number - held
        at = begins + SPAN * (index / number)
        person = index // PEOPLE
        is_known = index % (number // THEIRS) == 7
        thread.shown += not is_held
        text = f"{TEXT}Number {index}."
        uid = uuid.uuid4()
        yield {
            "uid": uid,
            **_author(
                uid,
                KNOWN_EMAIL if is_known else f"reader{person}@example.org",
                KNOWN_ADDRESS if is_known else f"2001:db8:{person & 32_767:x}:{person >> 15:x}::1",
            ),
            "blog_id": thread.blog_id,
            "post_id": thread.post_id,
            "created_at": at,
            "shown_at": None if is_held else at,
            "state": (State.HELD if is_held else State.SHOWN).value,
            "revision": 0,
            "page": None if is_held else thread.page,
            "author_name": f"Reader {person}",
            "text": text,
            "html": f"<p>{text}</p>",
            "html_version": REMARK_VERSION,
            "wants_replies": False,
            "is_by_author": False,
            "reasons": json.dumps([]),
            "status_token_hash": hashlib.sha256(str(index).encode()).digest(),
        }


def _author(uid: uuid.UUID, email: str, address: str) -> dict[str, bytes]:
    """The sealed columns of a comment; its author's keyed hashes are made once."""
    sealed = {"author_email": seal_text(_EMAIL, uid, email)}
    sealed["author_ip"] = seal_text(_ADDRESS, uid, address)
    keys = key_of(sealed["author_email"]), key_of(sealed["author_ip"])
    return {name: envelope_of(value) for name, value in sealed.items()} | {
        "author_email_lookup": _hash(_EMAIL, email, keys[0], False),
        "author_ip_lookup": _hash(_ADDRESS, address, keys[1], False),
        "author_ip_near": _hash(_ADDRESS, address, keys[1], True),
    }


@lru_cache(maxsize=100)
def _hash(declared: Any, text: str, key_id: int, is_near: bool) -> bytes:
    return hash_of(declared, text, is_near=is_near, key_id=key_id)


def _moderator() -> str:
    """The session cookie of an administrator of every blog."""
    if db.session.scalar(sa.select(User.id).where(User.username == MIRA)) is None:
        for slug in list(db.session.scalars(sa.select(Blog.slug))):
            make_member(MIRA, role="administrator", blog=slug)
    with transaction():
        return begin_session(member(MIRA), PLACE).token


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
