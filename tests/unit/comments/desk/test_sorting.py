"""The sorter learns what moderators decided, forgets what is erased, and only ever sorts."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import viewer_for
from app.comments import Comment, State
from app.comments.desk.acts import Act
from app.comments.desk.deciding import Mark, decide, undo
from app.comments.editing import remove_comment
from app.comments.tidying import drop_unpublished
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy.retention import overdue, sweep
from app.moderation import Guess, look_of
from app.moderation.lessons import Lesson, Sorter
from app.moderation.sorting import (
    AFTER,
    forget_lost,
    learn,
    learn_anew,
    sort_waiting,
)
from tests.cast import MIRA, WORKSHOP
from tests.factories import make_comment
from tests.people import member

pytestmark = pytest.mark.database

SPAM = "Order replica watches at the best casino now, number {}, click for a free bonus."
FINE = "The tulips of my garden came up in spring, all {} of them, thanks for the soil tip."
Wait = Callable[[int], None]


@pytest.fixture(autouse=True)
def few(blogs: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two blogs whose sorters speak from three examples on."""
    monkeypatch.setattr("app.moderation.lessons.FEWEST", 3)
    with blogs.app_context():
        yield


def decided(act: Act, *comments: Comment) -> None:
    """Mira decides on comments."""
    for comment in comments:
        db.session.refresh(comment)
    marks = [Mark(comment.id, comment.revision) for comment in comments]
    assert decide(viewer_for(member(MIRA)), act, marks).batch


def held(text: str, number: int) -> list[Comment]:
    """Comments that wait."""
    return [make_comment(text=text.format(each), state=State.HELD) for each in range(number)]


def taught(later: Wait, number: int = 4) -> None:
    """Mira has decided on some of both kinds, and the sorter has learnt it."""
    decided(Act.SPAM, *held(SPAM, number))
    decided(Act.APPROVE, *held(FINE, number))
    later(int(AFTER.total_seconds()) + 1)
    learn()


def lessons() -> dict[str, list[bytes]]:
    """What was learnt, of either kind, as it is stored."""
    db.session.rollback()
    rows = db.session.execute(sa.select(Lesson.is_spam, Lesson.traits).order_by(Lesson.traits))
    found: dict[str, list[bytes]] = {"spam": [], "fine": []}
    for is_spam, traits in rows:
        found["spam" if is_spam else "fine"].append(traits)
    return found


def numbers() -> tuple[int, int]:
    """How many lessons there are of either kind."""
    found = lessons()
    return len(found["spam"]), len(found["fine"])


def look(comment: Comment) -> str | None:
    """What a comment is taken for."""
    db.session.rollback()
    percent = db.session.scalar(sa.select(Guess.percent).where(Guess.item_uid == comment.uid))
    return None if percent is None else look_of(percent).value


def test_what_waits_is_sorted_by_what_was_decided_before(later: Wait) -> None:
    taught(later)
    bad, good = held(SPAM, 1)[0], held(FINE, 1)[0]
    odd = make_comment(text="Zounds, quoth somebody else entirely.", state=State.HELD)
    assert sort_waiting() == 3 + 4
    assert [look(bad), look(good), look(odd)] == ["spam", "fine", "unsure"]
    assert [bad.state, good.state, odd.state] == [State.HELD] * 3
    assert sort_waiting() == 0


def test_the_sorter_says_nothing_before_it_has_seen_enough_of_both(later: Wait) -> None:
    taught(later, 2)
    waits = held(SPAM, 1)[0]
    assert sort_waiting() == 0
    assert look(waits) is None


def test_each_blog_has_a_sorter_of_its_own(later: Wait) -> None:
    taught(later)
    elsewhere = make_comment("chairs", blog=WORKSHOP, text=SPAM, state=State.HELD)
    sort_waiting()
    assert look(elsewhere) is None


def test_a_decision_that_was_taken_back_is_never_learnt(later: Wait) -> None:
    mira = viewer_for(member(MIRA))
    comment = held(SPAM, 1)[0]
    done = decide(mira, Act.SPAM, [Mark(comment.id, 0)])
    learn()
    assert numbers() == (0, 0)
    assert done.batch
    undo(mira, done.batch)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    assert numbers() == (0, 0)


def test_taking_back_a_second_decision_leaves_what_the_first_taught(later: Wait) -> None:
    mira = viewer_for(member(MIRA))
    comment = held(SPAM, 1)[0]
    decided(Act.SPAM, comment)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    before = lessons()
    db.session.refresh(comment)
    done = decide(mira, Act.APPROVE, [Mark(comment.id, comment.revision)])
    assert done.batch
    undo(mira, done.batch)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    assert lessons() == before
    assert numbers() == (1, 0)


def test_not_spam_turns_the_lesson_round(later: Wait) -> None:
    comment = held(SPAM, 1)[0]
    decided(Act.SPAM, comment)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    before = lessons()
    decided(Act.APPROVE, comment)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    assert lessons() == {"spam": [], "fine": before["spam"]}


@pytest.mark.parametrize("act", [Act.HOLD, Act.REJECT])
def test_what_is_neither_spam_nor_published_teaches_nothing(later: Wait, act: Act) -> None:
    comment = held(FINE, 1)[0]
    decided(Act.APPROVE, comment)
    decided(act, comment)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    assert numbers() == (0, 0)


def test_only_moderators_teach(later: Wait) -> None:
    make_comment(text=FINE)
    make_comment(text=SPAM, state=State.SPAM)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    assert numbers() == (0, 0)


def test_what_its_author_removed_is_unlearnt_at_once(later: Wait) -> None:
    taught(later)
    shown = db.session.scalars(
        sa.select(Comment).where(Comment.state == State.SHOWN).limit(1)
    ).one()
    remove_comment(shown.id)
    assert numbers() == (4, 3)


def test_spam_is_unlearnt_when_its_time_is_over(later: Wait) -> None:
    taught(later)
    sort_waiting()
    later(31 * 86_400)
    drop_unpublished()
    assert numbers() == (0, 4)
    assert db.session.scalar(sa.select(sa.func.count(Guess.id))) == 0


def test_lessons_have_a_time_of_their_own(later: Wait) -> None:
    taught(later)
    later(366 * 86_400)
    sweep(even_if_surprising=True)
    assert numbers() == (0, 0)


def test_old_lessons_end_before_anybody_has_to_be_asked(later: Wait) -> None:
    taught(later)
    later(364 * 86_400)
    forget_lost()
    assert numbers() == (0, 0)
    assert not [due for due in overdue() if due.due and due.entry.table == "sorter_lessons"]


def test_what_is_gone_by_any_way_is_unlearnt_within_a_day(later: Wait) -> None:
    taught(later)
    with transaction() as session:
        session.execute(sa.delete(Comment).where(Comment.state == State.SPAM))
    assert forget_lost() == 4
    assert numbers() == (0, 4)


def test_learning_anew_ends_where_learning_on_has_come_to(later: Wait) -> None:
    taught(later)
    decided(
        Act.APPROVE,
        db.session.scalars(sa.select(Comment).where(Comment.state == State.SPAM).limit(1)).one(),
    )
    later(int(AFTER.total_seconds()) + 1)
    learn()
    before = lessons()
    assert numbers() == (3, 5)
    learn_anew()
    assert lessons() == before


def test_with_another_key_all_is_learnt_anew(later: Wait) -> None:
    taught(later)
    with transaction() as session:
        session.execute(sa.update(Sorter).values(key_check=b"another"))
        session.execute(sa.update(Lesson).values(traits=b"\0\0\0\1"))
    learn()
    assert numbers() == (4, 4)
    assert b"\0\0\0\1" not in lessons()["spam"]


def test_a_busy_log_is_read_on_from_where_it_was_left(
    later: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.moderation.sorting.BATCH", 3)
    monkeypatch.setattr("app.moderation.sorting.BATCHES", 1)
    decided(Act.SPAM, *held(SPAM, 8))
    later(int(AFTER.total_seconds()) + 1)
    assert [learn(), learn(), learn(), learn()] == [3, 3, 2, 0]
    assert numbers() == (8, 0)


def test_old_lessons_make_room(later: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.moderation.lessons.MOST_LESSONS", 3)
    taught(later, 5)
    assert numbers() == (3, 3)


def test_a_turn_without_news_writes_nothing(later: Wait, statements: list[str]) -> None:
    taught(later)
    sort_waiting()
    statements.clear()
    learn()
    sort_waiting()
    assert {statement.split()[0] for statement in statements} == {"SELECT"}


def test_a_changed_text_is_looked_at_again(later: Wait) -> None:
    taught(later)
    comment = held(FINE, 1)[0]
    sort_waiting()
    later(5)
    with transaction() as session:
        session.execute(
            sa.update(Comment)
            .where(Comment.id == comment.id)
            .values(text=SPAM, edited_at=clock.now())
        )
    assert sort_waiting() == 1
    assert look(comment) == "spam"


def test_a_lesson_knows_how_good_the_guess_was(later: Wait) -> None:
    taught(later)
    bad = held(SPAM, 1)[0]
    sort_waiting()
    decided(Act.SPAM, bad)
    later(int(AFTER.total_seconds()) + 1)
    learn()
    guessed = db.session.scalar(sa.select(Lesson.guessed).where(Lesson.item_uid == bad.uid))
    assert guessed is not None
    assert guessed >= 90


def test_what_is_stored_holds_none_of_the_words(later: Wait) -> None:
    taught(later)
    stored = b"".join(lessons()["spam"] + lessons()["fine"])
    assert stored
    assert not any(word.encode() in stored for word in (SPAM + FINE).split() if len(word) > 3)
