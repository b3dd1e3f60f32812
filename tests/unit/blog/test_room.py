"""The room of feedback: a row among the blogs for those who work there, and nothing to readers."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.blog import Blog, feedback_room_id
from app.core.content import sync
from app.core.database import db
from app.core.web import page_part
from tests.cast import FEEDBACK
from tests.folder import ContentFolder
from tests.people import make_member, sign_in

pytestmark = pytest.mark.database


def room() -> Blog:
    return db.session.scalars(sa.select(Blog).where(Blog.is_room)).one()


def test_there_is_one_room_and_its_number_costs_no_statement_of_its_own(
    app: Flask, statements: list[str]
) -> None:
    with app.test_request_context():
        assert feedback_room_id() == room().id
        statements.clear()
        assert feedback_room_id()
        assert len(statements) <= 1


def test_readers_meet_it_nowhere(app: Flask, client: FlaskClient, read: Any) -> None:
    read()
    with app.test_request_context():
        for part in ("every_blog", "blogs"):
            assert FEEDBACK not in {blog.slug for blog in page_part(part)}
        assert "/feedback/feed.xml" not in {link.address for link in page_part("feed_links")}
    for address in ("tags/", "archive/", "authors/", "series/", "page/2/"):
        assert client.get(f"/feedback/{address}").status_code == 404
    assert "/feedback/tags" not in client.get("/sitemap-1.xml").text


def test_no_file_can_be_it_or_put_a_post_into_it(app: Flask, content: ContentFolder) -> None:
    content.write("blogs/feedback/blog.toml", 'title = "Mine"\n')
    content.post("inside", blog=FEEDBACK)
    content.post("tulips", aliases=["/feedback/tulips/"])
    with app.app_context():
        problems = {file.path: file.problem or "" for file in sync().problems}
        assert "which the site uses itself" in problems["blogs/feedback/blog.toml"]
        assert "blog.toml is missing" in problems["blogs/feedback/posts/inside.md"]
        assert "which is no blog" in problems["blogs/garden/posts/tulips.md"]
        assert (room().title, room().source, room().removed_at) == ("Feedback", "", None)


def test_the_owner_gives_its_roles_as_those_of_a_blog(app: Flask, read: Any) -> None:
    read()
    with app.app_context():
        make_member("otto", owner=True)
        make_member("fay", role=Role.ADMINISTRATOR, blog=FEEDBACK)
        make_member("mira", role=Role.ADMINISTRATOR, blog="garden")
        db.session.remove()
    assert "Feedback</th>" in sign_in(app, "otto").get("/admin/people/").text
    own = sign_in(app, "fay").get("/admin/people/").text
    assert "Feedback</th>" in own
    assert "Garden" not in own
    assert "Feedback</th>" not in sign_in(app, "mira").get("/admin/people/").text
