"""Reading the wall."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from app.core import clock
from app.core.database import db, transaction
from app.core.markup import render_remark
from app.feedback import published_cards
from app.feedback.models import Kind
from app.feedback.records import Answer, Maker
from app.feedback.wall.queries import PER_PAGE
from tests.factories import make_feedback

pytestmark = pytest.mark.database

MOST_STATEMENTS = 4


def answer(app: Flask, number: int, text: str, by: Maker = Maker.ADMINISTRATOR) -> None:
    with app.app_context(), transaction() as session:
        html = render_remark(text)
        place = 1 if by is Maker.ADMINISTRATOR else 2
        session.add(
            Answer(feedback_id=number, number=place, by=by, text=text, html=html, html_version=1)
        )


@pytest.fixture
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Every statement sent to the database, with its values."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_an_empty_wall_says_so_and_invites(client: FlaskClient, read: Any) -> None:
    read()
    page = client.get("/feedback/")
    assert page.status_code == 200
    assert "Nothing is public yet." in page.text
    assert "<strong>0</strong> received" in page.text
    assert 'href="/feedback/new/"' in page.text
    assert "<article" not in page.text


def test_cards_hang_newest_first_as_the_macro_makes_them(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    at = clock.now()
    old = publish(text="It *just* works.", at=at - timedelta(hours=1))
    new = publish(text="Where is it?", kind=Kind.QUESTION, credit="Bo Berg", at=at)
    page = client.get("/feedback/").text
    assert page.index(f'id="f{new}"') < page.index(f'id="f{old}"')
    with app.test_request_context():
        for card in published_cards():
            made = render_template_string(
                '{% from "feedback/card.html" import card %}{{ card(view) }}', view=card.view
            )
            assert made in page


def test_what_nobody_made_public_is_not_on_the_wall(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    with app.app_context():
        make_feedback(text="For your eyes only.")
    publish(text="Shown.", email="bo@example.org", ip="203.0.113.7")
    page = client.get("/feedback/").text
    assert "Shown." in page
    for secret in ("For your eyes only.", "bo@example.org", "203.0.113.7", "Bo Berg"):
        assert secret not in page


def test_each_kind_has_a_wall_of_its_own(client: FlaskClient, publish: Any) -> None:
    publish(text="Lovely.", kind=Kind.PRAISE)
    publish(text="Make it blue.", kind=Kind.IDEA)
    page = client.get("/feedback/ideas/").text
    assert "Make it blue." in page
    assert "Lovely." not in page
    assert 'href="/feedback/ideas/" aria-current="page"' in page
    assert "Nothing of this kind is public yet." in client.get("/feedback/problems/").text
    assert client.get("/feedback/messages/").status_code == 404
    assert client.get("/feedback/idea/").status_code == 404


def test_a_long_wall_goes_on_where_it_ended_whatever_happens_meanwhile(
    client: FlaskClient, publish: Any, take_back: Any
) -> None:
    at = clock.now()
    numbers = [
        publish(text=f"Number {place}.", at=at - timedelta(minutes=place))
        for place in range(PER_PAGE + 3)
    ]
    first = client.get("/feedback/").text
    older = f"/feedback/before/{numbers[PER_PAGE - 1]}/"
    assert f'href="{older}" rel="next"' in first
    assert f'id="f{numbers[PER_PAGE]}"' not in first
    assert [n for n in numbers if f'id="f{n}"' in client.get(older).text] == numbers[PER_PAGE:]
    publish(text="Newest.")
    take_back(numbers[PER_PAGE - 1])
    second = client.get(older).text
    assert [n for n in numbers if f'id="f{n}"' in second] == numbers[PER_PAGE:]
    assert "Newest." not in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("address", ["/feedback/before/1/", "/feedback/ideas/before/7/"])
def test_there_is_nothing_before_what_never_was(
    client: FlaskClient, read: Any, address: str
) -> None:
    read()
    assert client.get(address).status_code == 404


def test_the_site_answers_under_the_card_and_the_sender_in_private(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    number = publish(text="It is slow.", kind=Kind.PROBLEM)
    answer(app, number, "It is *faster* now.")
    answer(app, number, "Thank you, Bo.", Maker.SENDER)
    for address in ("/feedback/", f"/feedback/{number}/"):
        page = client.get(address).text
        assert "It is <em>faster</em> now." in page
        assert "<strong>Green Street</strong> answered" in page
        assert "Thank you, Bo." not in page


def test_the_wall_asks_the_database_four_things_at_the_most(
    client: FlaskClient, publish: Any, statements: list[str]
) -> None:
    numbers = [publish() for _ in range(3)]
    for address in ("/feedback/", "/feedback/praise/", f"/feedback/{numbers[0]}/"):
        client.get(address)
        statements.clear()
        assert client.get(address).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, statements


def test_the_wall_tells_machines_what_it_is(client: FlaskClient, publish: Any) -> None:
    publish()
    page = client.get("/feedback/").text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/feedback/">' in page
    assert '<meta property="og:title" content="Feedback">' in page
    assert 'type="application/atom+xml" title="Feedback" href="/feedback/feed.xml"' in page
    assert 'href="/feedback/feed.json"' in page


@pytest.mark.parametrize("address", ["/feedback/", "/feedback/before/{number}/", "/"])
@pytest.mark.usefixtures("home")
def test_no_list_sorts_what_an_index_has_in_order(
    app: Flask, client: FlaskClient, publish: Any, asked: list[tuple[str, Any]], address: str
) -> None:
    """SQLite would rather begin with every grant there is, and sort."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL plans by what it has counted, and has counted nothing here")
    numbers = [publish(on_home=True, at=clock.now() - timedelta(hours=age)) for age in range(3)]
    asked.clear()
    assert client.get(address.format(number=numbers[0])).status_code == 200
    [cards] = [row for row in asked if "FROM feedback_cards" in row[0] and "LIMIT" in row[0]]
    with app.app_context(), db.engine.connect() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + cards[0], cards[1]).all()
    assert [row for row in plan if "TEMP B-TREE" in row[3]] == []
