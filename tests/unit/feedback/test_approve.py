"""An administrator approves what a sender lets be public, and nothing else."""

import pytest
import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import entries
from app.feedback import card_of, published_cards
from app.feedback.approving import NotGranted, approve, take_down
from app.feedback.cards import CardWithdrawn
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public, withdraw
from app.feedback.models import Feedback, State
from app.feedback.records import Approval, Credit, Grant, How
from app.feedback.seals import hash_of, is_sealed_approval, is_sealed_grant
from tests.factories import make_feedback, make_wording, publish_feedback

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]


def granted(text: str = "It just works. Call me.") -> Feedback:
    feedback = make_feedback(text=text)
    let_be_public(feedback.id, Terms(signature=signature(Credit.ANONYMOUS)))
    return feedback


def test_an_approval_of_granted_words_publishes_them() -> None:
    feedback = granted("It just works.")
    approve(feedback.id, hash_of("It just works."), by=7)
    assert [card.text for card in published_cards()] == ["It just works."]
    approval = db.session.scalars(sa.select(Approval)).one()
    assert is_sealed_approval(approval)
    (entry,) = entries(most=9, kinds=("feedback.approve",))
    assert (entry.number, entry.actor_id) == (approval.entry, 7)


def test_approving_twice_is_approving_once() -> None:
    feedback = publish_feedback()
    approve(feedback.id, hash_of(feedback.text), by=None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Approval)) == 1


@pytest.mark.promise("published-with-consent")
def test_nothing_is_published_that_nobody_agreed_to() -> None:
    feedback = make_feedback()
    make_wording(feedback)
    with pytest.raises(NotGranted):
        approve(feedback.id, hash_of(feedback.text), by=None)


def test_nothing_is_published_that_was_taken_back_meanwhile() -> None:
    feedback = granted()
    withdraw(feedback.id)
    with pytest.raises(NotGranted):
        approve(feedback.id, hash_of(feedback.text), by=None)


@pytest.mark.parametrize("how", [How.REWORDED, How.ORIGINAL])
def test_other_words_are_not_published_with_the_grant_of_these(how: How) -> None:
    feedback = granted()
    other = make_wording(feedback, "Buy it!", how=how, made_from=hash_of(feedback.text))
    with pytest.raises(NotGranted):
        approve(feedback.id, other.text_hash, by=None)


def test_a_shortened_wording_follows_the_grant_of_the_longer() -> None:
    feedback = granted()
    short = make_wording(
        feedback, "It just works. […]", how=How.SHORTENED, made_from=hash_of(feedback.text)
    )
    approve(feedback.id, short.text_hash, by=None)
    (card,) = published_cards()
    assert (card.text, card.view.is_shortened) == ("It just works. […]", True)
    longer, derived = db.session.scalars(sa.select(Grant).order_by(Grant.id))
    assert (longer.live, derived.live, derived.follows_id) == (None, True, longer.id)
    assert (derived.sentence, derived.given_at) == (longer.sentence, longer.given_at)
    assert is_sealed_grant(derived)


@pytest.mark.parametrize("state", [State.DECLINED, State.SPAM, State.REMOVED])
def test_what_was_decided_against_is_not_published(state: State) -> None:
    feedback = granted()
    with db.engine.begin() as sql:
        sql.execute(sa.update(Feedback).values(state=state))
    with pytest.raises(NotGranted):
        approve(feedback.id, hash_of(feedback.text), by=None)


def test_taking_it_down_leaves_the_senders_word_as_it_is() -> None:
    feedback = publish_feedback()
    take_down(feedback.id, by=None)
    take_down(feedback.id, by=None)
    with pytest.raises(CardWithdrawn):
        card_of(feedback.id)
    assert db.session.scalar(sa.select(Grant.live)) is True
    assert len(list(entries(most=9, kinds=("feedback.unapprove",)))) == 1
