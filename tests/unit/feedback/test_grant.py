"""A sender lets exact words be public; that alone shows nothing."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.privacy import entries, verify
from app.feedback import published_cards
from app.feedback.approving import approve
from app.feedback.credits import signature
from app.feedback.granting import NotForPublic, Terms, WordsGone, let_be_public, renew
from app.feedback.models import Kind, State
from app.feedback.records import Credit, Grant, Wording
from app.feedback.seals import hash_of, is_sealed_grant
from app.feedback.standing import months_after
from tests.factories import make_feedback, make_wording, publish_feedback

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

ANONYMOUS = Terms(signature=signature(Credit.ANONYMOUS))


def grants() -> list[Grant]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Grant).order_by(Grant.id)))


def test_letting_it_be_public_publishes_nothing() -> None:
    let_be_public(make_feedback().id, ANONYMOUS)
    assert [grant.live for grant in grants()] == [True]
    assert published_cards() == []


def test_a_grant_keeps_what_was_agreed_to_word_for_word() -> None:
    feedback = make_feedback(text="It just works.")
    let_be_public(feedback.id, Terms(signature=signature(Credit.FIRST, "Bo Berg"), on_home=True))
    (grant,) = grants()
    assert grant.text_hash == hash_of("It just works.")
    assert (grant.credit, grant.credit_line, grant.on_home) == (Credit.FIRST, "Bo", True)
    assert "The home page may quote it." in grant.sentence
    assert "I can take this back" in grant.sentence
    assert (grant.sentence_version, grant.locale) == (1, "en")


def test_the_home_page_is_in_the_sentence_only_when_it_was_chosen() -> None:
    let_be_public(make_feedback().id, ANONYMOUS)
    assert "home page" not in grants()[0].sentence


def test_a_grant_is_sealed_and_on_record() -> None:
    feedback = make_feedback()
    let_be_public(feedback.id, ANONYMOUS)
    (grant,) = grants()
    assert is_sealed_grant(grant)
    (entry,) = entries(most=9, kinds=("feedback.grant",))
    assert entry.number == grant.entry
    assert verify().bad is None


def test_agreeing_twice_is_agreeing_once() -> None:
    feedback = make_feedback()
    let_be_public(feedback.id, ANONYMOUS)
    let_be_public(feedback.id, ANONYMOUS)
    assert len(grants()) == 1


def test_a_grant_lasts_two_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    let_be_public(make_feedback().id, ANONYMOUS)
    assert grants()[0].ends_at == datetime(2028, 11, 24, 12, tzinfo=UTC)


def test_months_end_on_a_day_that_there_is() -> None:
    assert months_after(datetime(2026, 12, 31, tzinfo=UTC), 2) == datetime(2027, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize("state", [State.DECLINED, State.SPAM, State.REMOVED])
def test_what_was_decided_against_takes_no_grant(state: State) -> None:
    feedback = make_feedback(state=state)
    with pytest.raises(NotForPublic):
        let_be_public(feedback.id, ANONYMOUS)
    assert grants() == []


def test_a_private_message_takes_no_grant() -> None:
    feedback = make_feedback(kind=Kind.MESSAGE)
    with pytest.raises(NotForPublic):
        let_be_public(feedback.id, ANONYMOUS)


def test_words_of_another_feedback_cannot_be_agreed_to() -> None:
    other = make_wording(make_feedback(text="Something else."))
    terms = Terms(signature=ANONYMOUS.signature, text_hash=other.text_hash)
    with pytest.raises(WordsGone):
        let_be_public(make_feedback().id, terms)
    assert grants() == []


def test_proposed_words_replace_public_ones_once_they_are_approved() -> None:
    feedback = publish_feedback()
    better = make_wording(feedback, "It works, and fast.").text_hash
    let_be_public(feedback.id, Terms(signature=ANONYMOUS.signature, text_hash=better))
    assert [card.text for card in published_cards()] == ["It just works."]
    approve(feedback.id, better, by=None)
    assert [card.text for card in published_cards()] == ["It works, and fast."]
    assert [grant.live for grant in grants()] == [None, True]


def test_erased_words_cannot_be_agreed_to() -> None:
    feedback = make_feedback()
    gone = make_wording(feedback, "Gone.").text_hash
    with db.engine.begin() as sql:
        sql.execute(sa.update(Wording).values(text="", html=""))
    with pytest.raises(WordsGone):
        let_be_public(feedback.id, Terms(signature=ANONYMOUS.signature, text_hash=gone))


def test_renewing_lasts_from_today_and_keeps_the_card_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    later = months_after(clock.now(), 23)
    monkeypatch.setattr(clock, "now", lambda: later)
    renew(feedback.id)
    assert [card.view.credit for card in published_cards()] == ["Bo Berg"]
    assert [grant.live for grant in grants()] == [None, True]
    assert grants()[-1].ends_at == months_after(later, 24)
