"""Many at once: the chosen ones, or everything a list holds, and the way back from both."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import viewer_for
from app.blog import Blog, Post
from app.comments import Comment, State
from app.comments.desk.acts import Act
from app.comments.desk.deciding import decide
from app.comments.desk.deciding import undo as take_back
from app.core import clock
from app.core.database import db, transaction
from app.desk import Mark
from tests.cast import MIRA
from tests.factories import make_comment
from tests.people import member, token_in
from tests.unit.comments.desk.conftest import LIST, comment, counts, press, send, undo

pytestmark = pytest.mark.database

ALL = f"{LIST}all/"


@pytest.fixture
def waiting(blogs: Flask) -> list[int]:
    """Four comments that wait, two of them with a link."""
    with blogs.app_context():
        texts = ("one", "two http://a.example", "three http://b.example", "four")
        return [make_comment(text=text, state=State.HELD).id for text in texts]


def states(app: Flask, ids: list[int]) -> list[str]:
    """The states of comments, in words."""
    return [comment(app, number).state.value for number in ids]


def test_the_chosen_are_decided_on_together(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    chosen = [f"{waiting[0]}.0", f"{waiting[2]}.0"]
    answer = send(mira, f"{LIST}decide/", mira.get(LIST), do="spam.chosen", chosen=chosen)
    assert answer.location.endswith(f"#c{waiting[3]}")
    assert states(blogs, waiting) == ["spam", "held", "spam", "held"]
    assert "2 were marked as spam" in mira.get(answer.location).text
    assert counts(blogs) == {"held": 2, "spam": 2}


def test_undo_takes_all_of_them_back(blogs: Flask, mira: FlaskClient, waiting: list[int]) -> None:
    chosen = [f"{number}.0" for number in waiting]
    undo(mira, send(mira, f"{LIST}decide/", mira.get(LIST), do="approve.chosen", chosen=chosen))
    assert states(blogs, waiting) == ["held"] * 4
    assert counts(blogs) == {"held": 4}
    with blogs.app_context():
        assert db.session.scalars(sa.select(Post.comment_count)).first() == 0


def test_a_page_can_be_chosen_whole_without_a_script(mira: FlaskClient, waiting: list[int]) -> None:
    page = mira.get(LIST).text
    assert "Choose all 4 on this page" in page
    assert " checked" not in page
    assert mira.get(f"{LIST}?choose=page").text.count(" checked") == 4


def test_what_somebody_else_decided_is_left_alone(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient, waiting: list[int]
) -> None:
    page = mira.get(LIST)
    press(max_, "approve", waiting[0])
    chosen = [f"{number}.0" for number in waiting]
    answer = send(mira, f"{LIST}decide/", page, do="spam.chosen", chosen=chosen)
    told = "3 were marked as spam. One had changed meanwhile and was left as it is."
    assert told in mira.get(answer.location).text
    assert states(blogs, waiting) == ["shown", "spam", "spam", "spam"]


def test_choosing_nothing_changes_nothing(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    answer = send(mira, f"{LIST}decide/", mira.get(LIST), do="spam.chosen")
    assert answer.status_code == 422
    assert states(blogs, waiting) == ["held"] * 4


def test_everything_in_a_filtered_list_after_a_look(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    page = mira.get(f"{ALL}?links=yes")
    assert "Decide on 2 comments at once" in page.text
    assert "has a link" in page.text
    answer = send_all(mira, page, "spam")
    assert answer.status_code == 303
    assert states(blogs, waiting) == ["held", "spam", "spam", "held"]


def test_a_filter_that_was_not_looked_for_everywhere_says_so(
    blogs: Flask, mira: FlaskClient, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has been looked for" not in mira.get(f"{LIST}all/?text=number").text
    monkeypatch.setattr("app.comments.desk.queries.WINDOW", 3)
    monkeypatch.setattr("app.comments.desk.bulk.WINDOW", 3)
    page = mira.get(f"{LIST}all/?text=number").text
    assert "looked for in the first 3 comments" in page
    assert "has been looked for" not in mira.get(f"{LIST}all/").text


def test_what_came_after_the_look_is_not_touched(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    page = mira.get(ALL)
    with blogs.app_context():
        late = make_comment(state=State.HELD).id
    assert send_all(mira, page, "spam").status_code == 303
    assert states(blogs, [*waiting, late]) == ["spam"] * 4 + ["held"]


def test_a_list_that_changed_since_is_shown_again_and_nothing_is_done(
    blogs: Flask, mira: FlaskClient, max_: FlaskClient, waiting: list[int]
) -> None:
    page = mira.get(ALL)
    press(max_, "approve", waiting[1])
    answer = send_all(mira, page, "spam")
    assert answer.status_code == 409
    assert "The list has changed since you looked" in answer.text
    assert "Decide on 3 comments at once" in answer.text
    assert states(blogs, waiting) == ["held", "shown", "held", "held"]
    assert send_all(mira, answer, "spam").status_code == 303
    assert states(blogs, waiting) == ["spam", "shown", "spam", "spam"]


def test_numbers_longer_than_any_are_no_numbers(
    blogs: Flask, mira: FlaskClient, waiting: list[int]
) -> None:
    for newest in ("9" * 5_000, "9" * 30):
        answer = send(mira, ALL, mira.get(ALL), do="spam", seen=f"4.{newest}.0")
        assert answer.status_code == 409
    for mark in (f"approve.{2**63}.0", f"approve.{'9' * 17}.0"):
        assert send(mira, f"{LIST}decide/", mira.get(LIST), do=mark).status_code == 422
    mark, order = f"approve.{waiting[0]}.0", "9" * 5_000
    answer = send(mira, f"{LIST}decide/", mira.get(LIST), do=mark, order=order)
    assert answer.status_code == 303
    assert states(blogs, waiting) == ["shown", "held", "held", "held"]


@pytest.mark.parametrize("act", [Act.SPAM, Act.APPROVE])
def test_ten_thousand_take_no_more_statements_than_one(
    blogs: Flask, statements: list[str], act: Act
) -> None:
    with blogs.app_context():
        ids = fill(10_000)
        viewer = viewer_for(member(MIRA))
        db.session.rollback()
        needed = []
        for some in (ids[:1], ids[1:]):
            statements.clear()
            done = decide(viewer, act, [Mark(number, 0) for number in some])
            needed.append(list(statements))
            assert len(done.ids) == len(some)
        assert len(needed[1]) <= 8, "\n\n".join(line[:200] for line in needed[1])
        statements.clear()
        assert done.batch
        take_back(viewer, done.batch)
        assert len(statements) <= 8, "\n\n".join(line[:200] for line in statements)
    assert counts(blogs) == {"held": 9_999, act.state.value: 1}


def test_many_changes_are_taken_and_given_back_by_few_statements(
    blogs: Flask, statements: list[str]
) -> None:
    with blogs.app_context():
        ids = [make_comment(text="old", pending_text=f"*new* {n}").id for n in range(30)]
        ids.append(make_comment(text="as it was", state=State.HELD).id)
        viewer = viewer_for(member(MIRA))
        db.session.rollback()
        statements.clear()
        marks = [Mark(number, 0 if number == ids[30] else 1) for number in ids]
        done = decide(viewer, Act.APPROVE, marks)
        assert len(statements) <= 8, "\n\n".join(line[:200] for line in statements)
    assert [comment(blogs, number).html for number in (ids[7], ids[30])] == [
        "<p><em>new</em> 7</p>",
        "<p>as it was</p>",
    ]
    with blogs.app_context():
        assert done.batch
        statements.clear()
        take_back(viewer, done.batch)
        assert len(statements) <= 8, "\n\n".join(line[:200] for line in statements)
    back = [comment(blogs, number) for number in (ids[7], ids[30])]
    assert [(each.text, each.pending_text, each.state) for each in back] == [
        ("old", "*new* 7", State.SHOWN),
        ("as it was", None, State.HELD),
    ]


def send_all(client: FlaskClient, page: Any, act: str) -> Any:
    """Press a button of the page that asks about a whole list."""
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    back = re.search(r'name="back" value="([^"]*)"', page.text)
    assert seen
    assert back
    sent = {"csrf_token": token_in(page), "seen": seen[1], "back": back[1].replace("&amp;", "&")}
    return client.post(ALL, data=sent | {"do": act})


def fill(number: int) -> list[int]:
    """So many waiting comments in the garden, written at once."""
    at = clock.now() - timedelta(days=1)
    make_comment(state=State.HELD)
    with transaction() as session:
        post_id, blog_id = session.execute(
            sa.select(Post.id, Post.blog_id).join(Blog).where(Blog.slug == "garden")
        ).one()
        table: Any = Comment.__table__
        session.execute(
            sa.insert(Comment),
            [
                {
                    "blog_id": blog_id,
                    "post_id": post_id,
                    "author_name": "Bo",
                    "text": "words",
                    "html": "<p>words</p>",
                    "html_version": 1,
                    "reasons": [],
                    "created_at": at,
                    "status_token_hash": place.to_bytes(32, "big"),
                }
                for place in range(1, number)
            ],
        )
        return list(session.scalars(sa.select(table.c.id).order_by(table.c.id)))
