"""Mail about replies: to those who asked, once they proved their address, until they stop it."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.comments import Comment, State
from app.comments.letters.notices import comments_shown
from app.comments.placing import change_states
from app.core import clock
from app.core.database import db, transaction
from tests.factories import make_comment
from tests.mailbox import Mailbox, html_of, links_in, text_of

pytestmark = pytest.mark.database

BO, CLEO = "bo@example.org", "cleo@example.org"
HERE = {"Sec-Fetch-Site": "same-origin"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def asked(app: Flask, at: Any) -> int:
    """Bo's comment, with a proved address and the wish to be told of replies."""
    return add(app, wants_replies=True, proved_at=clock.now())


def add(app: Flask, **facts: Any) -> int:
    with app.app_context():
        number = make_comment(**facts).id
        db.session.remove()
        return number


def reply(app: Flask, to: int, text: str = "Plant them deeper.", **facts: Any) -> int:
    """A reply that waits, and then is shown."""
    with app.app_context():
        parent = db.session.get_one(Comment, to)
        who = {"name": "Cleo", "email": CLEO} | facts
        number = make_comment(text=text, parent=parent, state=State.HELD, **who).id
        db.session.remove()
        show(number)
        return number


def show(*numbers: int, state: State = State.SHOWN) -> None:
    with transaction() as session:
        changed = change_states(session, dict.fromkeys(numbers, state), at=clock.now())
        if state is State.SHOWN:
            comments_shown(session, changed)


def stop_path(outbox: Mailbox, number: int = 0) -> str:
    link = outbox[number]["List-Unsubscribe"].strip("<>")
    return link.removeprefix("http://127.0.0.1:8000")


def test_a_reply_is_told_after_a_quarter_of_an_hour(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox
) -> None:
    number = reply(app, asked)
    at(14)
    assert tell() == 0
    at(15)
    assert tell() == 1
    (letter,) = outbox
    assert letter["To"] == BO
    assert letter["Subject"] == "Cleo replied to you on Garden"
    assert "Plant them deeper." in text_of(letter)
    assert links_in(letter)[0].endswith(f"/garden/tulips/comments/{number}/")


def test_several_replies_are_one_mail(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox
) -> None:
    reply(app, asked, "One.")
    at(10)
    reply(app, asked, "Two.")
    at(16)
    assert tell() == 1
    assert outbox[0]["Subject"] == "2 replies to you on Garden"
    at(60)
    assert tell() == 0


def test_replies_to_two_comments_of_one_person_are_one_mail(
    app: Flask, asked: int, tell: Any, at: Any
) -> None:
    other = add(app, text="Another.", wants_replies=True, proved_at=clock.now())
    reply(app, asked)
    reply(app, other)
    at(16)
    assert tell() == 1


@pytest.mark.promise("mail-stops-at-once")
def test_nobody_is_told_who_did_not_ask(app: Flask, tell: Any, at: Any) -> None:
    reply(app, add(app, proved_at=clock.now()))
    at(16)
    assert tell() == 0


def test_an_address_that_is_not_proved_is_told_once_it_is(app: Flask, tell: Any, at: Any) -> None:
    number = add(app, wants_replies=True)
    reply(app, number)
    at(60)
    assert tell() == 0
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Comment).values(proved_at=clock.now()))
    assert tell() == 1


def test_a_reply_that_waits_is_not_told(app: Flask, asked: int, tell: Any, at: Any) -> None:
    with app.app_context():
        parent = db.session.get_one(Comment, asked)
        make_comment(parent=parent, state=State.HELD, email=CLEO)
    at(60)
    assert tell() == 0


def test_a_reply_taken_back_meanwhile_is_not_told(
    app: Flask, asked: int, tell: Any, at: Any
) -> None:
    number = reply(app, asked)
    with app.app_context():
        show(number, state=State.SPAM)
    at(16)
    assert tell() == 0


def test_a_reply_that_comes_and_goes_is_told_once(
    app: Flask, asked: int, tell: Any, at: Any
) -> None:
    number = reply(app, asked)
    at(16)
    assert tell() == 1
    with app.app_context():
        show(number, state=State.HELD)
        show(number)
    at(60)
    assert tell() == 0


def test_nobody_is_told_of_their_own_reply(app: Flask, asked: int, tell: Any, at: Any) -> None:
    reply(app, asked, name="Bo", email="BO@example.org")
    at(16)
    assert tell() == 0


def test_a_mail_about_replies_holds_nobodys_address(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox
) -> None:
    reply(app, asked, "Write to dora@example.org or 203.0.113.77, I read all. – Cleo")
    at(16)
    tell()
    letter = outbox[0]
    for part in (text_of(letter), html_of(letter), letter["Subject"]):
        for word in (CLEO, "dora@", "203.0.113"):
            assert word not in part


def test_looking_at_the_stop_page_stops_nothing(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    reply(app, asked)
    at(16)
    tell()
    path = stop_path(outbox)
    page = client.get(path)
    assert page.status_code == 200
    assert "Stop these mails" in page.text
    client.head(path)
    reply(app, asked, "Another.")
    at(40)
    assert tell() == 1


@pytest.mark.promise("mail-stops-at-once")
@pytest.mark.parametrize(
    "headers", [HERE, {}, {"Origin": "https://mail.example.org"}], ids=["ours", "none", "theirs"]
)
def test_one_post_stops_it_without_signing_in(
    app: Flask,
    asked: int,
    tell: Any,
    at: Any,
    outbox: Mailbox,
    client: FlaskClient,
    headers: dict[str, str],
) -> None:
    add(app, text="Another of Bo.", wants_replies=True, proved_at=clock.now())
    reply(app, asked)
    at(16)
    tell()
    assert outbox[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = client.post(stop_path(outbox), data=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    assert "have stopped" in answer.text
    assert "Set-Cookie" not in answer.headers
    for number in (asked, asked + 1):
        reply(app, number, "Yet another.")
    at(60)
    assert tell() == 0
    assert client.post(stop_path(outbox), data=ONE_CLICK).status_code == 200
    assert "have stopped" in client.get(stop_path(outbox)).text


def test_what_was_owed_is_not_told_after_the_stop(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    reply(app, asked)
    at(16)
    tell()
    at(20)
    reply(app, asked, "On its way.")
    client.post(stop_path(outbox), data=ONE_CLICK)
    at(60)
    assert tell() == 0
    assert len(outbox) == 1


def test_a_stop_is_one_persons_on_one_blog(
    app: Flask, asked: int, tell: Any, at: Any, outbox: Mailbox, client: FlaskClient
) -> None:
    elsewhere = add(app, slug="saws", blog="workshop", wants_replies=True, proved_at=clock.now())
    dora = add(app, email="dora@example.org", wants_replies=True, proved_at=clock.now())
    reply(app, asked)
    at(16)
    tell()
    client.post(stop_path(outbox), data=ONE_CLICK)
    with app.app_context():
        parent = db.session.get_one(Comment, elsewhere)
        number = make_comment("saws", blog="workshop", parent=parent, email=CLEO).id
        with transaction() as session:
            comments_shown(session, [number])
    reply(app, dora)
    at(40)
    assert tell() == 2


def test_showing_ten_thousand_takes_as_many_statements_as_showing_one(
    app: Flask, asked: int, statements: list[str]
) -> None:
    numbers = [reply(app, asked, f"Reply {number}.") for number in range(3)]
    counts = []
    for ids in (numbers[:1], numbers):
        statements.clear()
        with app.app_context(), transaction() as session:
            comments_shown(session, ids)
        counts.append(len(statements))
    assert counts == [1, 1]
