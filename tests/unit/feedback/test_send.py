"""Sending feedback: private, sealed, never lost."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.blog import feedback_room_id
from app.core import clock
from app.core.database import db
from app.core.privacy import masked
from app.feedback.models import Channel, Feedback, Kind, State
from app.feedback.records import Card, Grant
from app.moderation import BanDraft, Scope, ban
from tests.cast import FAY
from tests.mailbox import Mailbox, links_in, text_of
from tests.people import make_member
from tests.unit.comments.conftest import Clock
from tests.unit.feedback.conftest import FORM, OURS, WORDS, stamp_in

pytestmark = pytest.mark.database

Send = Callable[..., Any]
Only = Callable[[], Feedback]


def test_what_was_sent_is_private_and_leads_to_its_own_page(
    client: FlaskClient, send: Send, only: Only
) -> None:
    answer = send()
    assert answer.status_code == 303
    feedback = only()
    assert (feedback.kind, feedback.channel) == (Kind.PRAISE, Channel.FORM)
    assert (feedback.state, feedback.text) == (State.HELD, WORDS)
    page = client.get(answer.location)
    assert "Received, and private" in page.text
    assert WORDS in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_sending_alone_publishes_nothing(app: Flask, client: FlaskClient, send: Send) -> None:
    send()
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Grant)) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Card)) == 0
    for address in ("/feedback/", "/feedback/1/", "/feedback/feed.xml", "/", "/search/?q=snow"):
        assert WORDS not in client.get(address).text


def test_email_and_address_are_sealed_at_once(app: Flask, send: Send, only: Only) -> None:
    send(email="bo@example.org")
    feedback = only()
    assert f"{feedback.sender_email} {feedback.sender_ip}" == "••• •••"
    with app.app_context():
        assert masked(feedback, "sender_email") == "b•••@e•••.org"


@pytest.mark.promise("optional-stays-optional")
def test_name_and_email_are_not_needed(send: Send, only: Only) -> None:
    assert send(name="", email="").status_code == 303
    feedback = only()
    assert (feedback.sender_name, feedback.sender_email) == (None, None)


@pytest.mark.promise("field-says-why")
def test_the_form_says_who_sees_what_and_for_how_long(client: FlaskClient, read: Any) -> None:
    read()
    page = client.get(FORM).text
    assert "Seen by those who moderate the site&#39;s feedback only, for 365 days" in page
    assert "Seen by the administrators of the site&#39;s feedback only, for 90 days, so" in page
    assert "Without an email we cannot answer you" in page
    assert " checked" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Choose what it is."),
        ({"kind": "message"}, "Not a valid choice"),
        ({"text": " \u200b "}, "Write what you want to tell us."),
        ({"text": "a" * 5_001}, "At most 5,000 characters"),
        ({"email": "bo@@example"}, "That is no email address."),
        ({"name": "a" * 81}, "A name has at most 80 characters."),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_sentence(
    app: Flask, send: Send, wrong: dict[str, str], sentence: str
) -> None:
    fields = {"text": WORDS} | wrong
    answer = send(**fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["text"].strip(" \u200b") in answer.text
    assert "<title>Error:" in answer.text
    assert count(app) == 0


def test_the_same_words_within_the_hour_are_the_same_feedback(app: Flask, send: Send) -> None:
    first, second = send(), send()
    assert first.location == second.location
    assert count(app) == 1


def test_the_same_words_two_hours_later_are_new(app: Flask, send: Send, stopped: Clock) -> None:
    send()
    stopped.advance(hours=2)
    send()
    assert count(app) == 2


@pytest.mark.parametrize("odd", [{"subject": "x"}, {"stamp": ""}, {"stamp": "1.forged"}])
def test_an_odd_submission_is_shown_once_more_and_then_taken(
    app: Flask, send: Send, only: Only, odd: dict[str, str]
) -> None:
    shown = send(**odd)
    assert shown.status_code == 200
    assert "One more look, please" in shown.text
    assert WORDS in shown.text
    assert count(app) == 0
    check = shown.text.partition('name="check" value="')[2].partition('"')[0]
    assert send(check=check, stamp="").status_code == 303
    assert only().reasons[0]["rule"].startswith("form-")
    send(check=check, text="Other words.")
    assert count(app) == 1


def test_another_site_cannot_send_for_somebody(app: Flask, client: FlaskClient, read: Any) -> None:
    read()
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.net"}
    answer = client.post(FORM, data={"kind": "praise", "text": WORDS}, headers=headers)
    assert answer.status_code == 403
    assert WORDS in answer.text
    assert count(app) == 0


def test_whoever_may_not_take_part_is_told_so_and_keeps_the_words(app: Flask, send: Send) -> None:
    with app.app_context():
        draft = BanDraft(feedback_room_id(), Scope.EMAIL, "Spam.")
        ban(draft, "bo@example.org", actor_id=make_member(FAY).id)
    answer = send(email="bo@example.org")
    assert answer.status_code == 403
    assert WORDS in answer.text
    assert count(app) == 0


def test_words_of_the_list_are_pointed_at(send: Send, only: Only) -> None:
    send(text="See http://example.com and http://example.net and http://example.org")
    assert {reason["rule"] for reason in only().reasons} == {"links"}


def test_too_many_in_a_minute_are_asked_to_wait(make_app: Any, read: Any) -> None:
    app = make_app(LIMITED=True)
    client = app.test_client()
    stamp = stamp_in(client)
    answers = [
        client.post(FORM, data={"kind": "idea", "text": f"{n}", "stamp": stamp}, headers=OURS)
        for n in range(4)
    ]
    assert answers[-1].status_code == 429
    assert ">3</textarea>" in answers[-1].text.replace("\n3", "3")


def test_an_address_is_asked_once_and_gets_the_receipt_when_it_answers(
    client: FlaskClient, send: Send, only: Only, outbox: Mailbox
) -> None:
    own = send(email="bo@example.org").location
    (asked,) = outbox
    assert "Is this address yours?" in asked["Subject"]
    assert WORDS not in str(asked)
    assert own not in str(asked)
    path = links_in(asked)[0].removeprefix("http://127.0.0.1:8000")
    assert "Is this address yours?" in client.get(path).text
    assert only().proved_at is None
    client.post(path, headers=OURS)
    client.post(path, headers=OURS)
    assert only().proved_at is not None
    _asked, receipt = outbox
    assert own in text_of(receipt)
    assert f"{own}withdraw/" in text_of(receipt)
    assert WORDS not in str(receipt)


def test_a_proved_address_gets_its_receipt_at_once(
    app: Flask, client: FlaskClient, send: Send, stored: Any, outbox: Mailbox
) -> None:
    stored(text="Earlier.", proved_at=clock.now())
    send(email="bo@example.org")
    assert [letter["Subject"] for letter in outbox] == ["We have your feedback, number 2"]


def test_a_page_of_the_form_costs_nothing(
    client: FlaskClient, read: Any, statements: list[str]
) -> None:
    read()
    client.get(FORM)
    statements.clear()
    client.get(FORM)
    assert [each for each in statements if "feedback" in each] == []


def count(app: Flask) -> int:
    with app.app_context():
        found = db.session.scalar(sa.select(sa.func.count()).select_from(Feedback)) or 0
        db.session.remove()
    return found
