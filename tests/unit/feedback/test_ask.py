"""Senders are asked rarely, and a word that runs out is asked for once before it is over."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.privacy import entries
from app.feedback import published_cards
from app.feedback.asking import AskedBefore, NobodyToAsk, ask_permission, may_ask, propose
from app.feedback.cards import CardWithdrawn, card_of
from app.feedback.credits import signature
from app.feedback.expiring import ask_again, end_expired
from app.feedback.granting import NotForPublic, Terms, decline, let_be_public, renew
from app.feedback.models import Channel, Feedback, Kind
from app.feedback.records import Credit, End, Grant
from app.feedback.seals import hash_of
from app.feedback.standing import months_after
from tests.factories import make_feedback, publish_feedback
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that lets time pass from now on."""
    start = clock.now()

    def later(days: int = 0, months: int = 0) -> None:
        at = months_after(start, months) + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: at)

    return later


def asked(outbox: Mailbox) -> list[str]:
    return [letter["Subject"] for letter in outbox if "number" in letter["Subject"].lower()]


def test_a_sender_who_may_be_written_to_is_asked(outbox: Mailbox, proved: dict[str, Any]) -> None:
    feedback = make_feedback(**proved)
    ask_permission(feedback.id, by=None)
    assert asked(outbox) == [f"A question about your feedback, number {feedback.id}"]
    assert "It just works" not in str(outbox[0])
    assert published_cards() == []


def test_whoever_wrote_support_mail_can_be_asked(outbox: Mailbox) -> None:
    ask_permission(make_feedback(channel=Channel.SUPPORT).id, by=None)
    assert len(asked(outbox)) == 1


@pytest.mark.parametrize("email", [None, "bo@example.org"])
def test_nobody_is_asked_at_an_address_that_is_not_proved(
    outbox: Mailbox, email: str | None
) -> None:
    feedback = make_feedback(email=email)
    with pytest.raises(NobodyToAsk):
        ask_permission(feedback.id, by=None)
    assert not may_ask(feedback, clock.now())
    assert len(outbox) == 0


def test_nobody_is_asked_about_what_cannot_be_public(
    outbox: Mailbox, proved: dict[str, Any]
) -> None:
    feedback = make_feedback(kind=Kind.MESSAGE, **proved)
    with pytest.raises(NotForPublic):
        ask_permission(feedback.id, by=None)
    assert not may_ask(feedback, clock.now())
    assert len(outbox) == 0


@pytest.mark.parametrize("declines", [True, False])
def test_nobody_is_asked_again_within_a_year(
    later: Any, proved: dict[str, Any], *, declines: bool
) -> None:
    feedback = make_feedback(**proved)
    ask_permission(feedback.id, by=None)
    if declines:
        decline(feedback.id, hash_of(feedback.text))
    for days in (0, 364):
        later(days)
        with pytest.raises(AskedBefore):
            propose(feedback.id, "It works.", by=None)
    later(366)
    propose(feedback.id, "It works.", by=None)


def test_whoever_agreed_can_be_asked_again(proved: dict[str, Any]) -> None:
    feedback = make_feedback(**proved)
    ask_permission(feedback.id, by=None)
    let_be_public(feedback.id, Terms(signature=signature(Credit.ANONYMOUS)))
    propose(feedback.id, "It works.", by=None)


def test_every_question_is_on_record(proved: dict[str, Any]) -> None:
    ask_permission(make_feedback(**proved).id, by=7)
    (entry,) = entries(most=9, kinds=("feedback.ask",))
    assert entry.actor_id == 7


def test_a_month_before_the_end_its_sender_is_asked_once(
    later: Any, outbox: Mailbox, proved: dict[str, Any]
) -> None:
    publish_feedback(make_feedback(**proved))
    later(months=23, days=-3)
    assert ask_again() == 0
    later(months=23, days=5)
    assert (ask_again(), ask_again()) == (1, 0)
    assert asked(outbox)[-1] == "May your feedback stay public? Number 1"
    assert len(published_cards()) == 1


def test_a_sender_who_says_yes_is_left_alone(later: Any, proved: dict[str, Any]) -> None:
    feedback = publish_feedback(make_feedback(**proved))
    later(months=23, days=5)
    ask_again()
    renew(feedback.id)
    later(months=24, days=1)
    assert (end_expired(), ask_again()) == (0, 0)
    assert len(published_cards()) == 1


def test_silence_takes_it_down(later: Any) -> None:
    feedback = publish_feedback()
    later(months=24, days=1)
    assert published_cards() == []
    assert (end_expired(), end_expired()) == (1, 0)
    with pytest.raises(CardWithdrawn):
        card_of(feedback.id)
    grant = db.session.scalars(sa.select(Grant)).one()
    assert (grant.ended, grant.credit_line) == (End.EXPIRED, "")
    assert len(list(entries(most=9, kinds=("feedback.expired",)))) == 1


def test_contact_is_kept_while_a_word_holds(proved: dict[str, Any]) -> None:
    feedback = publish_feedback(make_feedback(**proved))
    db.session.refresh(feedback)
    grant = db.session.scalars(sa.select(Grant)).one()
    assert db.session.scalar(sa.select(Feedback.quiet_from)) == grant.ends_at
