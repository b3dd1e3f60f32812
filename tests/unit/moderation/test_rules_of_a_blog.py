"""A blog's rules: defaults, saved whole, never over somebody else's change."""

import pytest

from app.core.errors import Conflict, Unacceptable
from app.moderation import rules_of
from app.moderation.rulebook import RulesDraft, change_rules
from tests.cast import MIRA
from tests.people import member

pytestmark = pytest.mark.database


def test_a_blog_without_rules_has_the_defaults(garden: int) -> None:
    rules = rules_of(garden)
    assert (rules.words, rules.publishes_first) == ("", False)
    assert (rules.links_allowed, rules.report_threshold, rules.revision) == (1, 0, 0)


def test_rules_are_saved_for_one_blog(garden: int, workshop: int) -> None:
    change_rules(garden, RulesDraft("casino", True, 3, 2, 0), actor_id=member(MIRA).id)
    rules = rules_of(garden)
    assert (rules.words, rules.publishes_first, rules.links_allowed) == ("casino", True, 3)
    assert (rules.report_threshold, rules.revision, rules.changed_by) == (2, 1, member(MIRA).id)
    assert rules_of(workshop).words == ""


def test_a_change_from_an_old_form_does_not_overwrite(garden: int) -> None:
    mira = member(MIRA).id
    change_rules(garden, RulesDraft("one", False, 1, 0, 0), actor_id=mira)
    with pytest.raises(Conflict):
        change_rules(garden, RulesDraft("two", False, 1, 0, 0), actor_id=mira)
    assert rules_of(garden).words == "one"


@pytest.mark.parametrize("words", ["a*", "x" * 101, "word\n" * 5_000])
def test_a_list_that_cannot_be_used_is_refused(garden: int, words: str) -> None:
    with pytest.raises(Unacceptable):
        change_rules(garden, RulesDraft(words, False, 1, 0, 0), actor_id=member(MIRA).id)
