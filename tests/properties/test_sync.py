"""However a folder came to be as it is, the site is what a fresh look at it would make."""

import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.blog.models import Blog, Listing, Post
from app.core.content import sync
from app.core.content.models import ContentFile
from app.core.database import db
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

NAMES = [f"post-{number}" for number in range(8)]


def state(app: Flask) -> Any:
    """Everything readers can see of the posts, and what is wrong with which file."""
    with app.app_context():
        posts = db.session.execute(
            sa.select(Blog.slug, Post.slug, Post.title, Post.body_html, Post.tags, Post.authors)
            .join(Blog)
            .where(Post.removed_at.is_(None))
            .order_by(Blog.slug, Post.slug)
        ).all()
        listings = db.session.execute(
            sa.select(Blog.slug, Post.slug, Listing.shelf, Listing.key, Listing.name)
            .join(Post, Post.id == Listing.post_id)
            .join(Blog, Blog.id == Listing.blog_id)
        ).all()
        problems = db.session.execute(
            sa.select(ContentFile.path, ContentFile.problem).where(ContentFile.problem.is_not(None))
        ).all()
        places = db.session.execute(
            sa.select(sa.func.max(Listing.place) - sa.func.count())
            .group_by(Listing.blog_id, Listing.shelf, Listing.key)
        ).scalars()  # fmt: skip
        return (
            list(map(tuple, posts)),
            set(map(tuple, listings)),
            set(map(tuple, problems)),
            set(places),
        )


class Author:
    """Somebody who changes files at random, never leaving a broken one for good."""

    def __init__(self, content: ContentFolder, seed: int) -> None:
        self.content = content
        self.chance = random.Random(seed)
        self.broken: set[str] = set()

    def act(self) -> None:
        """One change."""
        self.chance.choice((self.write, self.write, self.remove, self.rename, self.spoil))()

    def write(self) -> None:
        chance = self.chance
        path = self.content.post(
            chance.choice(NAMES),
            f"Text {chance.randrange(5)}.",
            chance.choice(("garden", "workshop")),
            date=f"2026-0{chance.randrange(1, 9)}-01",
            tags=chance.sample(["sun", "shade", "soil"], chance.randrange(3)),
            authors=chance.sample(["mira", "noor"], chance.randrange(2)),
            draft=chance.random() < 0.1,
        )
        self.broken.discard(path)

    def remove(self) -> None:
        for path in self._some():
            self.content.remove(path)
            self.broken.discard(path)

    def rename(self) -> None:
        for path in self._some():
            new = f"{path.rpartition('/')[0]}/{self.chance.choice(NAMES)}.md"
            self.content.rename(path, new)
            self.broken.discard(new)
            if path in self.broken:
                self.broken.remove(path)
                self.broken.add(new)

    def spoil(self) -> None:
        for path in self._some():
            self.content.write(path, "broken")
            self.broken.add(path)

    def mend(self) -> None:
        """Remove what is broken, since what stood there before is another story."""
        for path in self.broken:
            self.content.remove(path)
        self.broken.clear()

    def _some(self) -> list[str]:
        root = self.content.root
        posts = sorted(
            file.relative_to(root).as_posix() for file in root.glob("blogs/*/posts/*.md")
        )
        return [self.chance.choice(posts)] if posts else []


@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_where_a_fresh_sync_does(
    app: Flask, make_app: Any, content: ContentFolder, tmp_path: Path, seed: int
) -> None:
    author = Author(content, seed)
    for _round in range(8):
        for _number in range(author.chance.randrange(1, 6)):
            author.act()
        with app.app_context():
            sync()
    author.mend()
    with app.app_context():
        sync()
    fresh = make_app()
    with fresh.app_context():
        sync()
    assert state(app) == state(fresh)
    assert state(app)[3] <= {0}
