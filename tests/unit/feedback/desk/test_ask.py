"""The sender is asked by mail, and seldom; without their yes nothing is public."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.database import db
from app.feedback.asking import ask_permission, open_ask
from app.feedback.credits import signature
from app.feedback.granting import Terms, decline, let_be_public
from app.feedback.models import Channel, Kind
from app.feedback.records import Asked, Credit
from tests.factories import make_feedback
from tests.mailbox import Mailbox
from tests.unit.feedback.desk.conftest import LIST, send
from tests.unit.feedback.desk.test_approve import approve, is_public

pytestmark = pytest.mark.database


@pytest.fixture
def number(room: Flask) -> int:
    """One that came by support mail."""
    with room.app_context():
        return make_feedback(text="Your gate is lovely.", channel=Channel.SUPPORT).id


def ask(client: FlaskClient, number: int) -> int:
    page = client.get(f"{LIST}{number}/")
    return send(client, f"{LIST}{number}/ask/", page).status_code


def propose(client: FlaskClient, number: int, text: str) -> int:
    address = f"{LIST}{number}/reword/"
    return send(client, address, client.get(address), text=text).status_code


def test_support_mail_has_no_other_button_than_asking(number: int, fay: FlaskClient) -> None:
    page = fay.get(f"{LIST}{number}/").text
    assert "Ask permission" in page
    assert "Approve exactly this" not in page


def test_the_letter_holds_nothing_of_what_was_written(
    room: Flask, number: int, fay: FlaskClient, outbox: Mailbox
) -> None:
    assert ask(fay, number) == 303
    (letter,) = outbox
    assert letter["To"] == "bo@example.org"
    assert "lovely" not in str(letter)
    assert not is_public(room, number)
    assert "no answer yet" in fay.get(f"{LIST}{number}/").text


def test_a_yes_brings_it_to_the_top_of_the_list_and_still_takes_an_approval(
    room: Flask, number: int, fay: FlaskClient
) -> None:
    ask(fay, number)
    with room.app_context():
        let_be_public(number, Terms(signature=signature(Credit.ANONYMOUS)))
        db.session.remove()
    assert not is_public(room, number)
    assert f'href="{number}/#public"' in fay.get(LIST).text
    approve(fay, number)
    assert is_public(room, number)


def test_after_a_no_or_no_answer_nobody_asks_for_a_year(
    room: Flask, number: int, fay: FlaskClient, outbox: Mailbox
) -> None:
    ask(fay, number)
    page = fay.get(f"{LIST}{number}/").text
    assert "Ask permission" not in page
    assert "nobody is asked again within twelve months" in page
    assert ask(fay, number) == 409
    with room.app_context():
        found = open_ask(number)
        assert found is not None
        decline(number, found.text_hash)
        db.session.remove()
    assert "they said no" in fay.get(f"{LIST}{number}/").text
    assert ask(fay, number) == 409
    assert len(list(outbox)) == 1


def test_a_year_later_it_may_be_asked_again(room: Flask, fay: FlaskClient) -> None:
    with room.app_context(), time_machine.travel(clock.now() - timedelta(days=366), tick=False):
        number = make_feedback(channel=Channel.SUPPORT).id
        ask_permission(number, by=None)
        db.session.remove()
    assert ask(fay, number) == 303


def test_other_words_are_proposed_and_public_only_once_agreed_to(
    room: Flask, number: int, fay: FlaskClient, outbox: Mailbox
) -> None:
    assert propose(fay, number, "Your gate is very lovely.") == 303
    assert len(list(outbox)) == 1
    assert "very lovely" not in str(next(iter(outbox)))
    with room.app_context():
        found = open_ask(number)
        assert found is not None
        assert found.about is Asked.WORDING
        terms = Terms(signature=signature(Credit.ANONYMOUS), text_hash=found.text_hash)
        let_be_public(number, terms)
        db.session.remove()
    approve(fay, number)
    assert "very lovely" in room.test_client().get(f"/feedback/{number}/").text


@pytest.mark.parametrize("text", ["", "   ", "Your gate is lovely."])
def test_a_proposal_has_other_words(
    number: int, fay: FlaskClient, outbox: Mailbox, text: str
) -> None:
    assert propose(fay, number, text) == 422
    assert list(outbox) == []


def test_somebody_whose_address_is_not_proved_is_not_written_to(
    room: Flask, fay: FlaskClient, outbox: Mailbox
) -> None:
    with room.app_context():
        number = make_feedback().id
    page = fay.get(f"{LIST}{number}/").text
    assert "Ask permission" not in page
    assert "cannot be asked" in page
    assert ask(fay, number) == 409
    assert list(outbox) == []


def test_for_a_message_to_the_site_nobody_is_asked(room: Flask, fay: FlaskClient) -> None:
    with room.app_context():
        number = make_feedback(kind=Kind.MESSAGE, channel=Channel.SUPPORT).id
    assert ask(fay, number) == 409


def test_a_moderator_asks_nobody(number: int, finn: FlaskClient, outbox: Mailbox) -> None:
    assert ask(finn, number) == 404
    assert list(outbox) == []
