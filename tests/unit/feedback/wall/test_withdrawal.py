"""Taken back is gone: on the next request, everywhere, in the same second."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db, transaction
from app.core.privacy import forget_deleted_words
from app.core.tokens import hash_of
from app.feedback.approving import take_down
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public
from app.feedback.models import Feedback
from app.feedback.records import Card, Credit
from tests.unit.comments.conftest import Clock
from tests.unit.feedback.conftest import OURS

pytestmark = pytest.mark.database

WORDS = "Zirconium saved my Tuesday"
CREDIT = "Bo Berg"


def places(number: int) -> Iterator[str]:
    """Every address where a card that stands on the home page too can be met."""
    yield from ("/", "/feedback/", "/feedback/praise/", f"/feedback/{number}/")
    for wall in ("/feedback/", "/feedback/praise/"):
        yield from (f"{wall}feed.xml", f"{wall}feed.json")
    yield from ("/search/?q=zirconium", "/search/?q=tuesday+berg", "/sitemap.xml")


def traces(client: FlaskClient, number: int) -> dict[str, list[str]]:
    """What each place says of the card."""
    marks = (WORDS, "Zirconium", CREDIT, f"/feedback/{number}/", f"/feedback/{number}<")
    found = {}
    for place in places(number):
        page = client.get(place).text
        found[place] = [mark for mark in marks if mark in page]
    return found


@pytest.mark.promise("published-with-consent")
@pytest.mark.usefixtures("home")
def test_what_was_taken_back_is_gone_everywhere_on_the_next_request(
    client: FlaskClient, publish: Any, take_back: Any
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    before = traces(client, number)
    assert all(before.values()), before
    take_back(number)
    after = traces(client, number)
    # A page that is gone may name its own address, to say so.
    assert after.pop(f"/feedback/{number}/") in ([], [f"/feedback/{number}/"])
    assert not any(after.values()), after
    assert client.get(f"/feedback/{number}/").status_code == 410


@pytest.mark.usefixtures("home")
def test_a_copy_that_a_browser_kept_is_not_confirmed(
    client: FlaskClient, publish: Any, take_back: Any
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    tags = {place: client.get(place).headers["ETag"] for place in places(number)}
    for place, tag in tags.items():
        assert client.get(place, headers={"If-None-Match": tag}).status_code == 304, place
    take_back(number)
    for place, tag in tags.items():
        answer = client.get(place, headers={"If-None-Match": tag})
        assert answer.status_code in (200, 410), place
        assert WORDS not in answer.text


def test_even_a_hand_that_writes_sql_takes_the_words_out_of_search(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    number = publish(text=WORDS)
    assert f"/feedback/{number}/" in client.get("/search/?q=zirconium").text
    with app.app_context(), transaction() as session:
        session.delete(session.query(Card).filter_by(feedback_id=number).one())
    assert "Nothing found" in client.get("/search/?q=zirconium").text


def test_the_index_of_words_forgets_them_too(
    app: Flask, client: FlaskClient, publish: Any, take_back: Any
) -> None:
    for filler in ("Lovely tulips.", "Where are the roses?"):
        publish(text=filler)
    number = publish(text=WORDS)
    take_back(number)
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL forgets when it vacuums")
        assert "zirconium" in _blocks()
        forget_deleted_words()
        assert "zirconium" not in _blocks()
        forget_deleted_words()
        db.session.remove()
    assert "Lovely" in client.get("/search/?q=tulips").text


def _blocks() -> str:
    """All that the full-text index holds, as it lies in the file."""
    db.session.rollback()
    tables = ("search_words_data", "search_titles_data")
    rows = [db.session.scalars(sa.text(f"SELECT block FROM {name}")) for name in tables]
    return "".join(block.decode("latin-1") for blocks in rows for block in blocks)


def test_pages_of_feedback_are_asked_about_each_time(client: FlaskClient, publish: Any) -> None:
    number = publish(text=WORDS)
    for place in places(number):
        kept = client.get(place).headers["Cache-Control"]
        assert kept in ("no-cache", "public, max-age=0, must-revalidate"), place


@pytest.mark.usefixtures("home")
def test_the_home_page_quotes_nobody_who_did_not_agree_to_that(
    client: FlaskClient, publish: Any
) -> None:
    publish(text="Only on the wall.", on_home=False)
    page = client.get("/").text
    assert "They say" not in page
    assert "feedback." not in page
    publish(text="On the home page too.", on_home=True)
    page = client.get("/").text
    assert "They say" in page
    assert "On the home page too." in page
    assert "Only on the wall." not in page


@pytest.mark.usefixtures("home")
def test_the_home_page_asks_once_for_its_quotes(
    client: FlaskClient, publish: Any, statements: list[str]
) -> None:
    for _ in range(5):
        publish(on_home=True)
    client.get("/")
    statements.clear()
    page = client.get("/").text
    assert page.count('<article class="quote"') == 3
    assert len(statements) <= 3, statements


def number_of(own: str) -> int:
    secret = hash_of(own.split("/")[-2])
    return db.session.scalars(
        sa.select(Feedback.id).where(Feedback.link_token_hash == secret)
    ).one()


def by_link(client: FlaskClient, own: str) -> None:
    assert client.post(f"{own}withdraw/", headers=OURS).status_code == 303


def by_erasing(client: FlaskClient, own: str) -> None:
    assert client.post(f"{own}erase/", headers=OURS).status_code == 303


def by_an_administrator(_client: FlaskClient, own: str) -> None:
    take_down(number_of(own), by=None)


WAYS = (by_link, by_erasing, by_an_administrator)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("home")
def test_every_way_of_taking_back_takes_back_everywhere(
    app: Flask, client: FlaskClient, publish: Any, own: Any, way: Callable[[FlaskClient, str], None]
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    assert all(traces(client, number).values())
    with app.app_context():
        way(client, own(number))
        db.session.remove()
    after = traces(client, number)
    assert after.pop(f"/feedback/{number}/") in ([], [f"/feedback/{number}/"])
    assert not any(after.values()), after
    assert client.get(f"/feedback/{number}/").status_code == 410


@pytest.mark.usefixtures("home")
def test_when_the_time_is_over_it_is_gone_before_any_job_has_run(
    stopped: Clock, client: FlaskClient, publish: Any
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    stopped.advance(days=729)
    assert all(traces(client, number).values())
    stopped.advance(days=3)
    after = traces(client, number)
    assert after.pop(f"/feedback/{number}/") in ([], [f"/feedback/{number}/"])
    assert not any(after.values()), after


@pytest.mark.usefixtures("home")
def test_a_name_taken_off_is_off_everywhere_and_the_words_stay(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    with app.app_context():
        let_be_public(number, Terms(signature=signature(Credit.ANONYMOUS), on_home=True))
        db.session.remove()
    after = traces(client, number)
    assert after.pop("/search/?q=tuesday+berg") == []
    assert all(after.values()), after
    assert {place for place, found in after.items() if CREDIT in found} == set()


@pytest.mark.usefixtures("home")
def test_leaving_the_home_page_leaves_the_rest(
    app: Flask, client: FlaskClient, publish: Any
) -> None:
    number = publish(text=WORDS, credit=CREDIT, on_home=True)
    tag = client.get("/").headers["ETag"]
    with app.app_context():
        let_be_public(number, Terms(signature=signature(Credit.FULL, CREDIT), on_home=False))
        db.session.remove()
    answer = client.get("/", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert WORDS not in answer.text
    after = traces(client, number)
    assert after.pop("/") == []
    assert all(after.values()), after
