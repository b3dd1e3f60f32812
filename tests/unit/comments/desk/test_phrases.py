"""Saved replies stand beside the field for a reply, filled in for the comment."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Blog
from app.comments import State
from app.core.database import db
from app.moderation.notes import save_reply
from tests.cast import GARDEN, WORKSHOP
from tests.factories import make_comment

pytestmark = pytest.mark.database


def save(blog: str, title: str, text: str) -> int:
    """Keep an answer for a blog; its number."""
    found = db.session.scalars(sa.select(Blog.id).where(Blog.slug == blog)).one()
    return save_reply(found, title, text).id


def test_a_chosen_phrase_is_in_the_field_with_name_and_post(
    blogs: Flask, mira: FlaskClient
) -> None:
    with blogs.app_context():
        number = save(GARDEN, "Thanks", "Dear {name}, see {post}. <b>")
        other = save(WORKSHOP, "Of others", "Not for you.")
        held = make_comment(name="Bo & Co", state=State.HELD).id
    page = f"/admin/comments/{held}/"
    plain = mira.get(f"{page}?for=reply").text
    assert f"?for=reply&amp;saved={number}#words" in plain
    assert "Of others" not in plain
    filled = mira.get(f"{page}?for=reply&saved={number}").text
    assert ">Dear Bo &amp; Co, see Tulips. &lt;b&gt;</textarea>" in filled
    for nothing in (other, "", "x", "0"):
        assert "Not for you" not in mira.get(f"{page}?for=reply&saved={nothing}").text


def test_a_note_and_a_refusal_have_no_phrases(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        save(GARDEN, "A greeting", "Hello")
        held = make_comment(state=State.HELD).id
    for way in ("note", "reject"):
        assert "A greeting" not in mira.get(f"/admin/comments/{held}/?for={way}").text
