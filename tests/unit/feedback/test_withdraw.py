"""Taking the word back: nothing of it is public from then on."""

import pytest
import sqlalchemy as sa

from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import entries
from app.feedback import card_of, feedback_withdrawn, published_cards
from app.feedback.approving import approve
from app.feedback.cards import CardWithdrawn
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public, withdraw
from app.feedback.records import Credit, End, Grant
from app.feedback.seals import hash_of
from tests.factories import make_feedback, publish_feedback

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]


def test_what_was_taken_back_is_gone_everywhere() -> None:
    feedback = publish_feedback(on_home=True)
    withdraw(feedback.id)
    assert published_cards() == []
    assert published_cards(on_home=True) == []
    with pytest.raises(CardWithdrawn):
        card_of(feedback.id)


def test_what_was_never_public_is_not_said_to_have_been() -> None:
    feedback = make_feedback()
    with pytest.raises(Missing):
        card_of(feedback.id)


def test_taking_back_twice_is_taking_back_once() -> None:
    feedback = publish_feedback()
    withdraw(feedback.id)
    withdraw(feedback.id)
    assert len(list(entries(most=9, kinds=("feedback.withdrawn",)))) == 1


def test_a_grant_that_was_taken_back_says_so_and_forgets_the_name() -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    withdraw(feedback.id)
    db.session.rollback()
    grant = db.session.scalars(sa.select(Grant)).one()
    assert (grant.live, grant.ended, grant.credit_line) == (None, End.WITHDRAWN, "")
    assert grant.ended_at is not None


def test_listeners_hear_of_it_once_it_is_so() -> None:
    feedback = publish_feedback()
    heard: list[tuple[int, int]] = []

    def hear(_sender: object, *, number: int) -> None:
        heard.append((number, len(published_cards())))

    with feedback_withdrawn.connected_to(hear):
        withdraw(feedback.id)
    assert heard == [(feedback.id, 0)]


def test_agreeing_again_needs_an_approval_again() -> None:
    feedback = publish_feedback()
    withdraw(feedback.id)
    let_be_public(feedback.id, Terms(signature=signature(Credit.ANONYMOUS)))
    assert published_cards() == []
    approve(feedback.id, hash_of(feedback.text), by=None)
    assert len(published_cards()) == 1
