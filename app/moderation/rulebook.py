"""How each blog wants to be screened."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict, Unacceptable
from app.core.privacy import record

from .models import LONGEST_WORDS, Rules
from .words import problems_in

#: How a blog is screened that has set no rules.
DEFAULTS: dict[str, Any] = {"words": "", "publishes_first": False, "links_allowed": 1}


@dataclass(frozen=True)
class RulesDraft:
    """The settings as a form was filled in; `revision` is what the form was filled from."""

    words: str
    publishes_first: bool
    links_allowed: int
    report_threshold: int
    revision: int


def rules_of(blog_id: int) -> Rules:
    """The rules of a blog; the defaults, unsaved, when nobody has set any."""
    found = db.session.scalar(sa.select(Rules).where(Rules.blog_id == blog_id))
    return found or Rules(blog_id=blog_id, **DEFAULTS, report_threshold=0, revision=0)


def change_rules(blog_id: int, draft: RulesDraft, *, actor_id: int) -> Rules:
    """Save a blog's rules.

    Raises `Conflict` when somebody saved others meanwhile, and `Unacceptable` for a word
    list that cannot be used.
    """
    problems = problems_in(draft.words)
    if problems or len(draft.words) > LONGEST_WORDS:
        raise Unacceptable(*problems[:1] or ["The list is too long."])
    with transaction() as session:
        rules = rules_of(blog_id)
        if rules.revision != draft.revision:
            raise Conflict("Somebody else has changed these settings since you opened them.")
        rules.words = draft.words
        rules.publishes_first = draft.publishes_first
        rules.links_allowed = draft.links_allowed
        rules.report_threshold = draft.report_threshold
        rules.revision = draft.revision + 1
        rules.changed_at, rules.changed_by = clock.now(), actor_id
        session.add(rules)
        session.flush()
        record("rules.change", session, actor_id=actor_id, blog_id=blog_id)
    return rules
