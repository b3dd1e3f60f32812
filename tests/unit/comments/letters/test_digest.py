"""The digest for moderators: what waits, not from whom, and not more often than one can read."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.excerpts import LONGEST, excerpt
from app.comments.letters.digest import MOST_SHOWN
from app.comments.placing import change_states
from app.core import clock
from app.core.database import db, transaction
from app.desk import length_of
from tests.cast import GARDEN
from tests.factories import make_comment
from tests.mailbox import Mailbox, html_of, links_in, text_of
from tests.people import blog_id, make_member

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def people(app: Flask, at: Any) -> None:
    """Mira and Otto keep the garden blog, Noor the workshop blog; Ada only writes."""
    with app.app_context():
        make_member("mira", role="administrator", blog="garden")
        make_member("otto", role="moderator", blog="garden")
        make_member("noor", role="administrator", blog="workshop")
        make_member("ada", role="author", blog="garden")
        db.session.remove()


def hold(app: Flask, count: int = 1, **facts: Any) -> None:
    with app.app_context():
        for number in range(count):
            text = {"text": f"Comment {number}."} | facts
            make_comment(state=State.HELD, created_at=clock.now(), **text)
        db.session.remove()


def decide(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        oldest = session.query(Comment.id).filter_by(state=State.HELD).order_by(Comment.id).first()
        assert oldest
        change_states(session, {oldest[0]: State.SHOWN}, at=clock.now())


def test_who_moderates_a_blog_is_told_what_waits_there(
    app: Flask, digest: Any, at: Any, outbox: Mailbox
) -> None:
    at(-180)
    hold(app, reasons=[{"rule": "links", "sentence": "It has three links."}])
    at(0)
    hold(app)
    assert digest() == 2
    assert {letter["To"] for letter in outbox} == {"mira@example.org", "otto@example.org"}
    letter = outbox[0]
    assert letter["Subject"] == "2 comments wait on Garden"
    text = text_of(letter)
    assert "the oldest for 3 hours" in text
    assert "It has three links." in text
    assert "Comment 0." in text
    links = [link.removeprefix("http://127.0.0.1:8000") for link in links_in(letter)]
    assert links[:2] == ["/admin/comments/", "/admin/comments/1/"]


def test_there_is_one_in_an_hour(app: Flask, digest: Any, at: Any, outbox: Mailbox) -> None:
    hold(app)
    digest()
    len(outbox)
    hold(app)
    at(59)
    assert digest() == 0
    at(60)
    decide(app)
    assert digest() == 2


def test_nothing_new_is_told_again(app: Flask, digest: Any, at: Any, outbox: Mailbox) -> None:
    hold(app)
    digest()
    len(outbox)
    at(60 * 24)
    assert digest() == 0


def test_nothing_that_waits_is_no_digest(digest: Any) -> None:
    assert digest() == 0


def test_the_pause_doubles_while_nobody_answers(
    app: Flask, digest: Any, at: Any, outbox: Mailbox
) -> None:
    written = []
    for minutes in range(0, 60 * 24 * 2, 30):
        at(minutes)
        hold(app, 1)
        if digest():
            written.append(minutes // 60)
        len(outbox)
    assert written == [0, 1, 3, 7, 15, 31]


def test_an_answer_makes_it_hourly_again(app: Flask, digest: Any, at: Any, outbox: Mailbox) -> None:
    written = []
    for minutes in range(0, 60 * 6, 30):
        at(minutes)
        hold(app, 1)
        if minutes == 90:
            decide(app)
        if digest():
            written.append(minutes)
        len(outbox)
    assert written == [0, 60, 120, 180, 300]


def test_none_is_written_while_one_still_waits_to_be_sent(app: Flask, digest: Any, at: Any) -> None:
    hold(app)
    assert digest() == 2
    at(120)
    hold(app)
    assert digest() == 0


def test_a_flood_makes_one_short_mail(app: Flask, digest: Any, outbox: Mailbox) -> None:
    hold(app, 30)
    assert digest() == 2
    text = text_of(outbox[0])
    assert "30 comments wait" in text
    assert text.count("> Comment") == MOST_SHOWN
    assert "the oldest of them" in text


def test_it_says_from_nobody(app: Flask, digest: Any, outbox: Mailbox) -> None:
    hold(
        app,
        text="Mail dora@example.org, I am at 203.0.113.8 or 2001:db8::7!",
        name="Distinct Name",
        email="distinct@example.org",
        ip="198.51.100.23",
    )
    digest()
    for letter in outbox:
        told = letter["Subject"] + text_of(letter) + html_of(letter)
        for word in ("dora", "203.0.113", "2001:db8", "Distinct", "distinct", "198.51"):
            assert word not in told


def test_other_peoples_addresses_are_in_no_mail(app: Flask, digest: Any, outbox: Mailbox) -> None:
    hold(app)
    digest()
    for letter in outbox:
        others = {"mira@example.org", "otto@example.org", "noor@example.org"} - {letter["To"]}
        assert not any(other in letter.as_string() for other in others)


def test_its_links_lead_to_nothing_without_signing_in(
    app: Flask, digest: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    hold(app)
    digest()
    for link in links_in(outbox[0])[:2]:
        answer = client.get(link.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 303
        assert answer.location.startswith("/account/log-in/")


def test_one_who_stops_it_gets_none_and_the_others_do(
    app: Flask, digest: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    hold(app)
    digest()
    (letter,) = outbox.to("otto@example.org")
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "have stopped" in client.get(path).text
    at(60)
    hold(app)
    assert digest() == 1
    assert len(outbox.to("otto@example.org")) == 1


@pytest.mark.parametrize("step", [-1, 1, 99])
def test_a_link_to_stop_is_one_blogs(
    app: Flask, digest: Any, outbox: Mailbox, client: FlaskClient, step: int
) -> None:
    hold(app)
    digest()
    with app.app_context():
        garden = blog_id(GARDEN)
    path = outbox[0]["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    other = path.replace(f"/digest/{garden}/", f"/digest/{garden + step}/")
    assert other != path
    assert client.post(other).status_code == 410


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1, minutes=59), "1 hour"),
        (timedelta(days=2, hours=23), "2 days"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(passed: timedelta, said: str) -> None:
    assert length_of(passed) == said


def test_an_excerpt_is_short_and_on_one_line() -> None:
    told = excerpt("**Tulips**\n\n> quoted\n" + "word " * 200)
    assert told.startswith("Tulips quoted word")
    assert told.endswith(" …")
    assert len(told) <= LONGEST + 2
    assert excerpt("x" * 1_000) == "x" * LONGEST + " …"
