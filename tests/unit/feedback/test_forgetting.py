"""Feedback goes in its time, all of it; what was erased does not come back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.privacy import sweep
from app.feedback import published_cards
from app.feedback.answering import answer_officially
from app.feedback.erasing import erase_feedback, was_erased
from app.feedback.expiring import end_expired
from app.feedback.models import Feedback
from app.feedback.records import Answer, Approval, Card, Grant, Wording
from tests.factories import make_feedback, publish_feedback

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

TABLES = (Feedback, Wording, Grant, Approval, Card, Answer)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that lets days pass from now on."""
    start = clock.now()

    def later(days: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=days))

    return later


def rows() -> int:
    db.session.rollback()
    return sum(
        db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES
    )


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_private_feedback_goes_a_year_after_the_last_thing_that_happened(
    later: Any, days: int, left: int
) -> None:
    make_feedback(ip=None)
    later(days)
    sweep()
    assert rows() == left


def test_an_answer_is_something_that_happened(later: Any) -> None:
    feedback = make_feedback(ip=None)
    later(300)
    answer_officially(feedback.id, "Thank you.", by=None)
    later(400)
    sweep()
    assert rows() == 2


def test_what_is_public_stays_while_its_word_holds_and_goes_a_year_later(later: Any) -> None:
    publish_feedback(make_feedback(ip=None))
    later(700)
    sweep()
    assert len(published_cards()) == 1
    later(735)
    end_expired()
    sweep()
    assert rows() == 5
    later(2 * 366 + 367)
    sweep()
    assert rows() == 0


@pytest.mark.promise("address-gone-after-period")
def test_the_network_address_goes_before_the_rest(later: Any) -> None:
    make_feedback()
    later(91)
    sweep()
    db.session.rollback()
    feedback = db.session.scalars(sa.select(Feedback)).one()
    assert (feedback.sender_ip, feedback.sender_ip_lookup, feedback.sender_ip_near) == (None,) * 3
    assert feedback.sender_email is not None


def test_a_text_that_was_erased_is_known_without_its_words() -> None:
    feedback = publish_feedback(make_feedback(text="It just works."))
    assert not was_erased("It just works.")
    erase_feedback(feedback.id)
    assert was_erased("It just works.")
    assert not was_erased("Something else.")


def test_what_was_erased_keeps_its_number_for_good(later: Any) -> None:
    first = publish_feedback(make_feedback(ip=None))
    erase_feedback(first.id)
    later(900)
    sweep()
    assert make_feedback(text="Another.", ip=None).id == first.id + 1
