"""The kept numbers follow every way of changing a comment, and can be proved and repaired."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.desk.headlines import figures
from app.comments.desk.tallies import CommentCount
from app.core.database import transaction
from app.core.markup import REMARK_VERSION
from app.core.privacy import Viewer
from tests.cast import MIRA
from tests.factories import make_comment
from tests.people import member
from tests.unit.comments.desk.conftest import LIST, comment, counts

pytestmark = pytest.mark.database


def test_they_follow_whatever_is_done_to_rows(blogs: Flask) -> None:
    with blogs.app_context():
        ids = [make_comment(state=State.HELD).id for _each in range(5)]
        assert counts(blogs) == {"held": 5}
        with transaction() as session:
            some = sa.update(Comment).where(Comment.id.in_(ids[:3]))
            session.execute(some.values(state=State.SPAM))
            session.execute(sa.update(Comment).where(Comment.id == ids[3]).values(pending_text="x"))
            session.execute(sa.delete(Comment).where(Comment.id == ids[4]))
        assert counts(blogs) == {"spam": 3, "edited": 1}
        with transaction() as session:
            session.execute(sa.update(Comment).values(text="nothing that is counted"))
        assert counts(blogs) == {"spam": 3, "edited": 1}


def fail() -> None:
    """Delete everything, and fail before the commit."""
    with transaction() as session:
        session.execute(sa.delete(Comment))
        raise LookupError


def test_what_is_taken_back_is_not_counted(blogs: Flask) -> None:
    with blogs.app_context():
        make_comment(state=State.HELD)
        with pytest.raises(LookupError):
            fail()
        assert counts(blogs) == {"held": 1}


def test_recount_repairs_and_says_what(blogs: Flask) -> None:
    with blogs.app_context():
        make_comment(state=State.HELD)
        make_comment()
        with transaction() as session:
            session.execute(sa.update(CommentCount).values(count=7))
            session.execute(sa.delete(CommentCount).where(CommentCount.slot == "shown"))
    said = blogs.test_cli_runner().invoke(args=["comments", "recount"])
    assert said.exit_code == 0, said.output
    assert "held: 7 was 1" in said.output
    assert counts(blogs) == {"held": 1, "shown": 1}
    again = blogs.test_cli_runner().invoke(args=["comments", "recount"])
    assert again.output == "0 numbers and 0 posts repaired.\n"


def test_rerender_makes_old_html_anew(blogs: Flask) -> None:
    with blogs.app_context():
        number = make_comment(text="*new*").id
        with transaction() as session:
            session.execute(sa.update(Comment).values(html="<p>old</p>", html_version=0))
    said = blogs.test_cli_runner().invoke(args=["comments", "rerender"])
    assert said.output == "1 comments rendered anew.\n"
    assert "<em>new</em>" in comment(blogs, number).html
    assert comment(blogs, number).html_version == REMARK_VERSION


def test_the_dashboard_and_the_menu_say_how_many_wait(blogs: Flask, mira: FlaskClient) -> None:
    with blogs.app_context():
        make_comment(state=State.HELD)
        make_comment(state=State.HELD)
    page = mira.get("/admin/").text
    assert '<span class="side__count">2</span>' in page
    assert "comments wait" in page
    assert 'href="/admin/comments/"' in page
    assert mira.get(LIST).text.count('<li class="item"') == 2


def test_who_moderates_nothing_has_no_figures(blogs: Flask) -> None:
    from app.accounts import viewer_for

    with blogs.test_request_context():
        viewer: Viewer = viewer_for(member("otto"))
        assert figures(viewer) == []
        assert len(figures(viewer_for(member(MIRA)))) == 3
