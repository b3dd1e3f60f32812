"""Comments with sealed values, left straight in the database, and somebody who may look."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import User
from app.accounts.models import Acceptance
from app.blog import Blog, Post
from app.comments import Comment
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import seal
from tests.cast import GARDEN


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """Within the app, with a post in the garden blog."""
    with app.app_context():
        with transaction() as session:
            blog = Blog(slug=GARDEN, source="", title="Garden", description="")
            session.add(blog)
            session.flush()
            words = dict.fromkeys(
                ("source", "digest", "title", "summary", "body_html", "plain"), ""
            )
            lists: dict[str, Any] = {"contents": [], "tags": [], "authors": []}
            post = Post(
                blog_id=blog.id,
                slug="tulips",
                published_at=clock.now(),
                published_on=clock.now().date(),
                reading_minutes=1,
                **words,
                **lists,
            )
            session.add(post)
        yield
        db.session.remove()


@pytest.fixture
def own_keys(key_file: Path, app: Flask, tmp_path: Path, inside: None) -> Path:
    """A copy of the run's keys that a test may change."""
    file = tmp_path / "keys" / "clientflow.keys"
    file.parent.mkdir()
    shutil.copy2(key_file, file)
    app.config["KEY_FILE"] = file
    return file


@pytest.fixture
def leave(inside: None) -> Any:
    """A function that leaves a comment on the garden blog and answers its id."""

    def leave(
        email: str | None = "bo@example.org", ip: str | None = "203.0.113.9", **more: Any
    ) -> int:
        with transaction() as session:
            post_id, blog_id = session.execute(sa.select(Post.id, Post.blog_id)).one()
            values = {
                "author_name": "Bo",
                "text": "Hello.",
                "html": "<p>Hello.</p>",
                "html_version": 1,
                "status_token_hash": secrets.token_bytes(32),
            }
            comment = Comment(
                blog_id=blog_id,
                post_id=post_id,
                author_email=seal(email) if email else None,
                author_ip=seal(ip) if ip else None,
                **values | more,
            )
            session.add(comment)
            session.flush()
            return comment.id

    return leave


def comment(comment_id: int) -> Comment:
    """The comment with that number."""
    return db.session.get_one(Comment, comment_id)


@dataclass
class Watcher:
    """A viewer as `reveal` knows one: an administrator of one blog, ready to look."""

    id: int
    blog_id: int
    agreement_id: int | None
    username: str = "mira"
    is_owner: bool = False
    session_id: int = 1
    has_second_factor: bool = True
    signed_in_at: datetime = field(default_factory=clock.now)

    def administers(self, blog_id: int) -> bool:
        """Whether it is that blog."""
        return blog_id == self.blog_id

    moderates = administers

    def has_right(self, _name: str) -> bool:
        """Every right."""
        return True

    def blogs(self, _right: str) -> frozenset[int]:
        """The one blog."""
        return frozenset({self.blog_id})


@pytest.fixture
def mira(inside: None) -> Watcher:
    """An administrator of the garden blog who promised confidentiality."""
    with transaction() as session:
        user = User(email_proved_at=clock.now())
        user.rename("mira")
        user.email = seal("mira@example.org")
        session.add(user)
        session.flush()
        promise = Acceptance(user_id=user.id, version=1, text_hash="0" * 64, typed_name="Mira")
        session.add(promise)
        session.flush()
        blog_id = session.scalar(sa.select(Blog.id).where(Blog.slug == GARDEN))
        return Watcher(id=user.id, blog_id=blog_id or 0, agreement_id=promise.id)
