"""Nobody learns anything about the comments of a blog that is not theirs to moderate."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import State
from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from tests.cast import WORKSHOP
from tests.factories import make_comment
from tests.people import make_member, sign_in
from tests.unit.comments.desk.conftest import LIST, comment, send

pytestmark = pytest.mark.database


@pytest.fixture
def elsewhere(blogs: Flask) -> int:
    """A comment that waits in Noor's workshop."""
    with blogs.app_context():
        make_comment(state=State.HELD)
        return make_comment(
            "chairs", blog=WORKSHOP, text="secret words", name="Zoe", state=State.HELD
        ).id


def test_lists_and_numbers_are_of_ones_own_blogs(
    mira: FlaskClient, noor: FlaskClient, elsewhere: int
) -> None:
    for query in ("", "?state=all", "?text=secret", "?state=all&text=words"):
        page = mira.get(LIST + query).text
        assert "secret words" not in page
        assert "Zoe" not in page
    assert "1 comment waits" in mira.get(LIST).text
    assert "1 comment waits" in noor.get(LIST).text
    assert "Workshop" not in mira.get(LIST).text


@pytest.mark.promise("own-blog-only")
def test_another_blogs_comment_is_a_page_that_is_not_there_byte_by_byte(
    blogs: Flask, mira: FlaskClient, elsewhere: int
) -> None:
    there, nowhere = mira.get(f"{LIST}{elsewhere}/"), mira.get(f"{LIST}999999/")
    assert there.status_code == nowhere.status_code == 404
    assert there.data == nowhere.data
    assert dict(there.headers) == dict(nowhere.headers)


def test_that_somebody_asked_for_it_is_on_record(
    blogs: Flask, mira: FlaskClient, elsewhere: int
) -> None:
    mira.get(f"{LIST}{elsewhere}/")
    with blogs.app_context():
        kinds = db.session.scalars(
            sa.select(AuditLink.kind)
            .join(AuditDetail, AuditDetail.id == AuditLink.id)
            .where(AuditDetail.subject_uid == comment(blogs, elsewhere).uid)
        ).all()
    assert kinds == ["comment.elsewhere"]


@pytest.mark.parametrize("way", ["", "words/", "ban/"])
def test_no_form_reaches_it(blogs: Flask, mira: FlaskClient, elsewhere: int, way: str) -> None:
    page = mira.get(LIST)
    answer = send(mira, f"{LIST}{elsewhere}/{way}", page, field="email", text="x", way="note")
    assert answer.status_code == 404


def test_a_decision_on_it_is_refused_with_all_the_others(
    blogs: Flask, mira: FlaskClient, elsewhere: int
) -> None:
    chosen = [f"{elsewhere - 1}.0", f"{elsewhere}.0"]
    answer = send(mira, f"{LIST}decide/", mira.get(LIST), do="spam.chosen", chosen=chosen)
    assert answer.status_code == 404
    assert comment(blogs, elsewhere - 1).state is State.HELD
    assert comment(blogs, elsewhere).state is State.HELD


@pytest.mark.parametrize("kinship", ["author", "address", "near"])
def test_it_is_no_example_of_anything(mira: FlaskClient, elsewhere: int, kinship: str) -> None:
    assert mira.get(f"{LIST}?state=all&{kinship}={elsewhere}").status_code == 404


def test_a_blog_that_is_not_ones_own_cannot_be_asked_for(mira: FlaskClient, elsewhere: int) -> None:
    assert mira.get(f"{LIST}?blog={WORKSHOP}").status_code == 404


def test_readers_owners_and_strangers_find_nothing_here(blogs: Flask, elsewhere: int) -> None:
    with blogs.app_context():
        make_member("ada")
    assert blogs.test_client().get(LIST).status_code == 303
    for username in ("ada", "otto"):
        assert sign_in(blogs, username).get(LIST).status_code == 404
        assert sign_in(blogs, username).get(f"{LIST}{elsewhere}/").status_code == 404
