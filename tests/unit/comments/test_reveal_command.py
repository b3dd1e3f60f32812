"""A look from the command line: the same rules, the same record."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.blog import Post
from app.comments import Comment
from app.core.database import db, transaction
from app.core.privacy import entries, seal
from tests.cast import GARDEN
from tests.folder import ContentFolder
from tests.people import accept_agreement, confirm_second_factor, make_member

pytestmark = pytest.mark.database


@pytest.fixture
def look(app: Flask, content: ContentFolder, read: Any) -> Iterator[Any]:
    """A function that runs the command for a comment in the garden blog."""
    content.post("tulips")
    read()
    with app.app_context():
        make_member("mira", role="administrator", blog=GARDEN)
        make_member("otto", owner=True)
        with transaction() as session:
            post = session.scalars(sa.select(Post)).one()
            remark = Comment(
                blog_id=post.blog_id,
                post_id=post.id,
                author_name="Bo",
                text="Hello",
                html="<p>Hello</p>",
                html_version=1,
                status_token_hash=b"t" * 32,
                author_email=seal("bo@example.org"),
                author_ip=seal("203.0.113.9"),
            )
            session.add(remark)
            session.flush()
            number = remark.id

        def run(username: str, *words: str, field: str = "email", comment: int = number) -> Any:
            given = ["privacy", "reveal", str(comment), field, "--as", username]
            answer = app.test_cli_runner().invoke(args=[*given, *(words or ("--reason", "legal"))])
            db.session.rollback()
            return answer

        yield run
        db.session.remove()


def test_an_administrator_looks_and_it_is_on_record(look: Any) -> None:
    accept_agreement("mira")
    confirm_second_factor("mira")
    assert look("mira").stdout == "bo@example.org\n"
    assert look("Mira", field="ip").stdout == "203.0.113.9\n"
    newest = entries()[0]
    assert (newest.kind, newest.field, newest.reason) == ("look", "comment.ip", "legal")


@pytest.mark.parametrize(("promised", "protected"), [(False, False), (False, True), (True, False)])
def test_whoever_is_not_ready_is_told_what_is_missing(
    look: Any, promised: bool, protected: bool
) -> None:
    if promised:
        accept_agreement("mira")
    if protected:
        confirm_second_factor("mira")
    answer = look("mira")
    assert answer.exit_code == 1
    assert ("second factor" if promised else "agreement") in answer.output
    assert "bo@" not in answer.output


@pytest.mark.parametrize("username", ["otto", "nobody", ""])
def test_whoever_administers_nothing_sees_nothing(look: Any, username: str) -> None:
    answer = look(username)
    assert answer.exit_code == 1
    assert "bo@" not in answer.output


def test_an_unknown_comment_reason_or_field_is_refused(look: Any) -> None:
    accept_agreement("mira")
    confirm_second_factor("mira")
    assert look("mira", comment=999).exit_code == 1
    assert look("mira", "--reason", "curiosity").exit_code == 2
    assert look("mira", field="name").exit_code == 2
    assert look("mira", "--reason", "other").exit_code == 1
    assert look("mira", "--reason", "other", "--note", "he asked").exit_code == 0
