"""Senders narrow or widen what is public of them; less needs nobody, more waits."""

from typing import Any

import pytest

from app.core.database import db
from app.feedback import published_cards
from app.feedback.approving import approve
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public
from app.feedback.models import Feedback
from app.feedback.records import Credit
from app.feedback.seals import hash_of
from tests.factories import publish_feedback

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]


def change(feedback: Feedback, credit: Credit, name: str = "Bo Berg", **more: Any) -> None:
    let_be_public(feedback.id, Terms(signature=signature(credit, name, "Gardener"), **more))
    db.session.rollback()


def credits() -> list[str]:
    return [card.view.credit for card in published_cards()]


@pytest.mark.parametrize(
    ("less", "shown"),
    [(Credit.ANONYMOUS, "Anonymous"), (Credit.INITIALS, "B. B."), (Credit.FIRST, "Bo")],
)
def test_saying_less_of_oneself_shows_at_once(less: Credit, shown: str) -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    change(feedback, less)
    assert credits() == [shown]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Credit.ANONYMOUS, Credit.FIRST),
        (Credit.FIRST, Credit.FULL),
        (Credit.FIRST, Credit.INITIALS),
        (Credit.FULL, Credit.ROLE),
        (Credit.ROLE, Credit.FULL),
    ],
)
def test_saying_more_or_something_else_waits_for_an_approval(before: Credit, after: Credit) -> None:
    feedback = publish_feedback(credit=before)
    change(feedback, after)
    assert credits() == []
    approve(feedback.id, hash_of(feedback.text), by=None)
    assert credits() == [signature(after, "Bo Berg", "Gardener").line]


def test_another_name_is_not_less() -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    change(feedback, Credit.FIRST, name="Cleo Cane")
    assert credits() == []


def test_leaving_the_home_page_stays_on_the_wall() -> None:
    feedback = publish_feedback(on_home=True)
    assert len(published_cards(on_home=True)) == 1
    change(feedback, Credit.ANONYMOUS, on_home=False)
    assert published_cards(on_home=True) == []
    assert len(published_cards()) == 1


def test_a_change_keeps_the_day_of_publication() -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    before = published_cards()[0].published_at
    change(feedback, Credit.FIRST)
    assert published_cards()[0].published_at == before


def test_a_grant_that_was_replaced_forgets_the_name() -> None:
    feedback = publish_feedback(credit=Credit.FULL)
    change(feedback, Credit.ANONYMOUS)
    with db.engine.connect() as sql:
        rows = sql.exec_driver_sql("SELECT credit_line FROM feedback_grants ORDER BY id")
        assert [row[0] for row in rows] == ["", "Anonymous"]
