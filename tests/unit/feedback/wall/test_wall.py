"""Reading the wall."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from app.core import clock
from app.core.database import transaction
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
