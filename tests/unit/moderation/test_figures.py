"""How moderation goes: figures from the log of decisions, for one's own blogs."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from app.comments import State
from app.core import clock
from app.core.database import transaction
from app.moderation import Move, record_decision, undo
from app.moderation.figures import DAYS, figures_of
from app.moderation.records import Decision
from app.moderation.wording import rule_name, span, state_name
from tests.cast import MIRA
from tests.factories import make_comment
from tests.people import member
from tests.unit.moderation.conftest import Browser

pytestmark = pytest.mark.database


def decided(blog_id: int, to: str, *, minutes: int = 5, **more: Any) -> uuid.UUID:
    """A decision on something that had waited; the act."""
    facts = {"from_state": "held", "rules": ("first",), "waited": timedelta(minutes=minutes)}
    move = Move(
        kind="comment", blog_id=blog_id, item_id=1, item_uid=uuid.uuid4(), to_state=to,
        **facts | more,
    )  # fmt: skip
    return record_decision(move, actor_id=member(MIRA).id)


def test_the_figures_say_how_long_it_takes_and_what_was_held_for_nothing(garden: int) -> None:
    decided(garden, "shown", minutes=2)
    decided(garden, "shown", minutes=4, rules=("first", "links"))
    decided(garden, "spam", minutes=60, rules=("words",))
    figures = figures_of(frozenset({garden}))
    assert (figures.decided, figures.published, figures.refused) == (3, 2, 1)
    assert figures.median_wait == timedelta(minutes=4)
    assert figures.longest_wait == timedelta(minutes=60)
    assert figures.for_nothing == pytest.approx(2 / 3)
    assert figures.rules[0].rule == "first"
    assert {rule.rule: (rule.held, rule.share) for rule in figures.rules} == {
        "first": (2, 1.0),
        "links": (1, 1.0),
        "words": (1, 0.0),
    }


def test_what_was_undone_or_overturned_is_a_correction_and_counts_for_nothing_else(
    garden: int,
) -> None:
    undo(decided(garden, "spam"), blogs=frozenset({garden}), actor_id=member(MIRA).id)
    decided(garden, "shown", from_state="spam", waited=None)
    figures = figures_of(frozenset({garden}))
    assert (figures.corrected, figures.decided, figures.median_wait) == (2, 0, None)


def test_what_waits_is_counted_from_the_oldest(garden: int) -> None:
    came = clock.now() - timedelta(hours=5)
    make_comment(state=State.HELD, created_at=came)
    make_comment(state=State.HELD)
    waiting = figures_of(frozenset({garden})).waiting
    assert waiting.number == 2
    assert waiting.age(came + timedelta(hours=1)) == timedelta(hours=1)


def test_other_blogs_and_older_decisions_are_left_out(garden: int, workshop: int) -> None:
    decided(workshop, "shown")
    old = decided(garden, "shown")
    with transaction() as session:
        for row in session.query(Decision).filter_by(batch=old):
            row.created_at = clock.now() - timedelta(days=DAYS + 1)
    figures = figures_of(frozenset({garden}))
    assert (figures.decided, figures.for_nothing, figures.rules) == (0, None, ())


@pytest.mark.parametrize(
    ("filters", "shown", "hidden"),
    [
        ("", ["waiting → spam", "waiting → published"], []),
        ("to=spam", ["waiting → spam"], ["waiting → published"]),
        ("who=99999", [], ["waiting → spam"]),
        ("blog=99999", [], ["waiting → spam"]),
        ("who=x&blog=-1&before=%00&act=zz", ["waiting → spam"], []),
        ("before=1", [], ["waiting → spam"]),
    ],
)
def test_the_log_is_narrowed_down_by_its_address(
    mira: Browser, garden: int, filters: str, shown: list[str], hidden: list[str]
) -> None:
    decided(garden, "spam")
    decided(garden, "shown")
    page = mira.get(f"/admin/decisions/?{filters}").text
    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []


def test_a_whole_act_has_a_page_of_its_own(mira: Browser, garden: int) -> None:
    act = decided(garden, "spam")
    decided(garden, "shown")
    page = mira.get(f"/admin/decisions/?act={act}").text
    assert "waiting → spam" in page
    assert "waiting → published" not in page


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, "–"),
        (timedelta(0), "under 1 min"),
        (timedelta(seconds=90), "1 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(seconds=-5), "under 1 min"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_unit(length: Any, words: str) -> None:
    assert span(length) == words


def test_what_a_later_version_wrote_keeps_its_own_word() -> None:
    assert (rule_name("unheard"), state_name("unheard")) == ("unheard", "unheard")
