"""The line that shows whether anything is held back: received, agreed, published."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.database import db, transaction
from app.feedback.models import Feedback, Kind, State
from app.feedback.records import Card, Grant
from app.feedback.wall.figures import FeedbackFigures, figures
from tests.factories import make_card, make_feedback, make_wording, take_back

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

MOVES = ("send", "message", "publish", "take back", "spam", "not spam", "erase", "hide")


def now() -> tuple[int, int, int]:
    db.session.rollback()
    found = figures()
    return found.received, found.agreed, found.published


def judge(number: int, state: State) -> None:
    with transaction() as session:
        session.execute(sa.update(Feedback).where(Feedback.id == number).values(state=state))


def hide(number: int) -> None:
    with transaction() as session:
        session.execute(sa.update(Card).where(Card.feedback_id == number).values(live=None))


def erase(number: int) -> None:
    with transaction() as session:
        session.execute(sa.delete(Feedback).where(Feedback.id == number))


def test_sending_counts_and_messages_do_not() -> None:
    make_feedback()
    make_feedback(kind=Kind.MESSAGE)
    assert now() == (1, 0, 0)


def test_spam_was_never_received() -> None:
    make_feedback(state=State.SPAM)
    feedback = make_feedback(state=State.HELD)
    assert now() == (1, 0, 0)
    judge(feedback.id, State.SPAM)
    assert now() == (0, 0, 0)
    judge(feedback.id, State.OPEN)
    assert now() == (1, 0, 0)


def test_what_was_declined_or_deleted_was_received_all_the_same() -> None:
    declined, deleted = make_feedback(), make_feedback()
    judge(declined.id, State.DECLINED)
    erase(deleted.id)
    assert now() == (2, 0, 0)


def test_publishing_and_taking_back_move_the_other_two() -> None:
    first, second = make_card(), make_card()
    assert now() == (2, 2, 2)
    take_back(first)
    assert now() == (2, 1, 1)
    hide(second)
    assert now() == (2, 1, 0)
    erase(second)
    assert now() == (2, 0, 0)


def test_two_wordings_that_one_sender_agreed_to_count_once() -> None:
    number = make_card(text="It just works, mostly.")
    feedback = db.session.get_one(Feedback, number)
    other = make_wording(feedback, "It just works […]")
    [grant] = db.session.scalars(sa.select(Grant).where(Grant.feedback_id == number))
    values = {c.key: getattr(grant, c.key) for c in sa.inspect(Grant).columns}
    with transaction() as session:
        kept = {k: v for k, v in values.items() if k not in ("id", "uid")}
        session.add(Grant(**kept | {"text_hash": other.text_hash}))
    assert now() == (1, 1, 1)
    take_back(number)
    assert now() == (1, 0, 0)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(MOVES), max_size=10))
def test_the_numbers_are_what_counting_would_find(moves: list[str]) -> None:
    before = now()
    numbers: list[int] = []
    erased = 0
    for move in moves:
        if move in ("send", "message", "publish"):
            kind = Kind.MESSAGE if move == "message" else Kind.IDEA
            make = make_card if move == "publish" else make_feedback
            made: Any = make(kind=kind)
            numbers.append(made if isinstance(made, int) else made.id)
        elif numbers:
            erased += _move(move, numbers)
    here = Feedback.id.in_(numbers)
    sent = (here, Feedback.kind != Kind.MESSAGE, Feedback.state != State.SPAM)
    counted = (
        _count(Feedback.id, *sent) + erased,
        _count(Grant.feedback_id.distinct(), Grant.feedback_id.in_(numbers), Grant.live),
        _count(Card.id, Card.feedback_id.in_(numbers), Card.live),
    )
    assert tuple(b - a for a, b in zip(before, now(), strict=True)) == counted


def test_there_is_one_row_of_them() -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FeedbackFigures)) == 1


def _move(move: str, numbers: list[int]) -> int:
    """Do it to the newest; answers how many of those that count were erased."""
    number = numbers[-1]
    if move == "take back":
        take_back(number)
    elif move in ("spam", "not spam"):
        judge(number, State.SPAM if move == "spam" else State.OPEN)
    elif move == "hide":
        hide(number)
    else:
        feedback = db.session.get_one(Feedback, numbers.pop())
        counted = feedback.kind is not Kind.MESSAGE and feedback.state is not State.SPAM
        erase(number)
        return int(counted)
    return 0


def _count(what: Any, *where: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(what)).where(*where)) or 0
