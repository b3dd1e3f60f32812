"""The conversation on the page of its post."""

import re
from datetime import timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import Post
from app.comments import Comment, State
from app.comments.placing import change_states
from app.core import clock
from app.core.content.generation import bump_generation
from app.core.database import db, transaction
from tests.factories import make_comment
from tests.unit.comments.conftest import TULIPS

pytestmark = pytest.mark.database

_ARTICLE = re.compile(r'<article id="c(\d+)">')


def fill(number: int, **columns: Any) -> None:
    """So many shown comments under the tulips, in bulk."""
    first = make_comment(text="First.")
    row = {
        column.key: getattr(first, column.key)
        for column in sa.inspect(Comment).columns
        if column.key not in ("id", "page") and "author_" not in column.key
    } | {"state": State.HELD, "author_name": "Bo"}
    if number == 1:
        return
    with transaction() as session:
        rows = [
            row | {"uid": uuid4(), "status_token_hash": uuid4().bytes * 2} | columns
            for _ in range(number - 1)
        ]
        session.execute(sa.insert(Comment), rows)
        ids = list(session.scalars(sa.select(Comment.id).where(Comment.page.is_(None))))
        change_states(session, dict.fromkeys(ids, State.SHOWN), at=clock.now())


def shown(client: FlaskClient, address: str = TULIPS) -> list[int]:
    page = client.get(address)
    assert page.status_code == 200
    return [int(number) for number in _ARTICLE.findall(page.text)]


def test_an_empty_thread_says_so_and_has_the_form(client: FlaskClient, tulips: str) -> None:
    page = client.get(tulips).text
    assert "Nobody has said anything yet." in page
    assert 'id="comment-form"' in page


def test_comments_are_nested_three_deep_and_then_flat_with_a_link(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        one = make_comment(text="1")
        two = make_comment(text="2", parent=one)
        three = make_comment(text="3", parent=two, name="Ola")
        four = make_comment(text="4", parent=three)
        make_comment(text="other")
        make_comment(text="5", parent=four)
        make_comment(text="late", parent=one)
    assert shown(client) == [1, 2, 3, 4, 6, 7, 5]
    page = client.get(tulips).text
    assert 'In reply to <a href="#c3">Ola</a>' in page
    assert page.count("<ol>\n<li>") == 2
    depth = 0
    for tag in re.findall(r"</?ol|</?li", page[page.index('id="comments"') :]):
        depth += {"<ol": 1, "</ol": -1}.get(tag, 0)
        assert 0 <= depth <= 3
    assert depth == 0


@pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.SPAM])
def test_what_is_not_shown_is_nowhere(
    app: Flask, client: FlaskClient, tulips: str, state: State
) -> None:
    with app.app_context():
        make_comment(text="Canary words.", name="Canary bird", state=state)
    pages = (TULIPS, "/garden/", "/garden/feed.xml", "/garden/feed.json", "/sitemap-1.xml")
    for address in (*pages, "/search/?q=canary", f"{TULIPS}?reply=1", "/"):
        assert "Canary" not in client.get(address).text, address
    assert client.get(f"{TULIPS}comments/1/").status_code == 404
    assert client.get("/comments/1/report/").status_code == 404


def test_cards_tell_how_many_comments_there_are(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        make_comment()
        make_comment(text="Another.")
        make_comment(text="Held.", state=State.HELD)
    assert "2 comments" in client.get("/garden/").text
    assert "2 comments" in client.get(tulips).text


@pytest.mark.parametrize("number", [0, 1, 100, 1_000])
def test_a_post_takes_four_statements_however_many_comments_it_has(
    app: Flask, client: FlaskClient, tulips: str, statements: list[str], number: int
) -> None:
    if number:
        with app.app_context():
            fill(number)
    with app.app_context(), transaction() as session:
        # The first page after a change of content has the most to ask for.
        bump_generation(session)
    statements.clear()
    assert len(shown(client)) == min(number, 200 if number <= 200 else 50)
    assert len(statements) <= 4
    assert "count(" not in " ".join(statements).lower()
    threads = [statement for statement in statements if "FROM comments" in statement]
    assert len(threads) == (1 if number else 0)
    assert all("page BETWEEN" in thread for thread in threads)


def test_up_to_200_comments_are_one_page(app: Flask, client: FlaskClient, tulips: str) -> None:
    with app.app_context():
        fill(200)
    assert len(shown(client)) == 200
    answer = client.get(f"{tulips}comments/page/2/")
    assert (answer.status_code, answer.location) == (303, f"{tulips}#comments")


def test_more_are_pages_of_fifty_on_which_each_comment_is_once(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(201)
    pages = [shown(client)]
    pages += [shown(client, f"{tulips}comments/page/{number}/") for number in range(2, 6)]
    assert [len(page) for page in pages] == [50, 50, 50, 50, 1]
    assert list(chain.from_iterable(pages)) == list(range(1, 202))
    assert client.get(f"{tulips}comments/page/6/").status_code == 404


def test_a_permalink_leads_to_the_page_of_its_comment(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(201)
    for number, page in ((1, ""), (50, ""), (51, "comments/page/2/"), (201, "comments/page/5/")):
        answer = client.get(f"{tulips}comments/{number}/")
        assert (answer.status_code, answer.location) == (303, f"{tulips}{page}#c{number}")
    assert client.get(f"{tulips}comments/202/").status_code == 404
    assert client.get("/garden/roses/comments/1/").status_code == 404


def test_a_late_answer_joins_the_page_of_what_it_answers(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(250)
        answer = make_comment(text="Late.", parent=db.session.get_one(Comment, 3)).id
    assert shown(client)[:5] == [1, 2, 3, answer, 4]
    page = client.get(f"{tulips}comments/page/5/")
    assert len(_ARTICLE.findall(page.text)) == 50


def test_an_answer_to_a_full_page_opens_a_conversation_on_the_last(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(250)
        third = db.session.get_one(Comment, 3)
        fill_under(third, 150)
        answer = make_comment(text="One too many.", parent=db.session.get_one(Comment, 3)).id
    assert len(shown(client)) == 200
    last = client.get(f"{tulips}comments/page/6/").text
    assert f'id="c{answer}"' in last
    assert f'In reply to <a href="{tulips}comments/3/">an earlier comment</a>' in last


def test_a_page_of_a_thread_leads_back_and_on(app: Flask, client: FlaskClient, tulips: str) -> None:
    with app.app_context():
        fill(201)
    page = client.get(f"{tulips}comments/page/2/").text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{tulips}comments/page/2/">' in page
    assert f'href="{tulips}#comments" rel="prev"' in page
    assert f'href="{tulips}comments/page/3/" rel="next"' in page
    assert "Comments, page 2 · Tulips" in page


def test_a_long_thread_can_be_answered_from_any_page(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(201)
    page = client.get(f"{tulips}comments/page/2/?reply=60").text
    assert 'name="parent" value="60"' in page
    assert 'name="parent" value="60"' in client.get(f"{tulips}?reply=60").text


def test_hiding_and_showing_again_keeps_place_and_number(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        fill(3)
        for state in (State.SPAM, State.SPAM, State.SHOWN, State.SHOWN):
            with transaction() as session:
                change_states(session, {2: state}, at=clock.now())
        count = db.session.scalar(sa.select(Post.comment_count).where(Post.slug == "tulips"))
    assert count == 3
    assert shown(client) == [1, 2, 3]


def test_ten_thousand_comments_change_their_state_in_five_statements(
    app: Flask, tulips: str, statements: list[str]
) -> None:
    with app.app_context():
        fill(10_000)
        statements.clear()
        with transaction() as session:
            wanted = dict.fromkeys(range(1, 10_001), State.SPAM)
            assert len(change_states(session, wanted, at=clock.now())) == 10_000
    assert len(statements) <= 5


def test_a_hundred_comments_fit_into_sixty_kilobytes(
    app: Flask, client: FlaskClient, content: Any, read: Any, tulips: str
) -> None:
    content.post("tulips", "Tulips like sun and cold. " * 400)
    read()
    with app.app_context():
        fill(100, text="x", html=f"<p>{'Words people write here. ' * 3}</p>")
    page = client.get(tulips).data
    before = page.index(b'id="comments"')
    assert before <= 20_000
    assert len(page) - before <= 40_000


def test_names_and_words_of_other_scripts_run_their_own_way(
    app: Flask, client: FlaskClient, tulips: str
) -> None:
    with app.app_context():
        make_comment(text="מה לגבי גיבויים?", name="נועה")
        make_comment(text="Plain.")
    page = client.get(tulips).text
    assert "<bdi>נועה</bdi>" in page
    assert '<div dir="auto"><p>מה' in page
    assert "<div><p>Plain." in page


def test_print_shows_comments_when_asked(app: Flask, client: FlaskClient, tulips: str) -> None:
    assert "thread--print" not in client.get(tulips).text
    assert "thread--print" in client.get(f"{tulips}?print=comments").text


def fill_under(parent: Comment, number: int) -> None:
    """So many shown answers to a comment."""
    fill_columns = {"parent_id": parent.id, "root_id": parent.id}
    fill(number + 1, **fill_columns)


def test_only_who_answered_the_mail_is_marked_as_verified(
    app: Flask, client: FlaskClient, tulips: str, stopped: Any
) -> None:
    with app.app_context():
        at = stopped.at
        make_comment(name="Proved", created_at=at, proved_at=at + timedelta(minutes=3))
        make_comment(name="Typed", created_at=at, proved_at=at)
    page = client.get(tulips).text
    assert "<bdi>Proved</bdi> <span>Verified</span>" in page
    assert "<bdi>Typed</bdi> <a" in page
