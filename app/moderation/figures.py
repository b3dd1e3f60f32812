"""How moderation goes: time to decide, what was held for nothing, which rules speak, the queue."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.registry import registry

from .decisions import REFUSED
from .kinds import ACCEPTED, Waiting
from .records import Decision

DAYS = 90
#: The newest decisions say how it goes; a busy blog has no need to count more.
MOST_DECISIONS = 20_000
HELD = "held"


@dataclass(frozen=True)
class RuleFigures:
    """What one rule held, and how much of it was published in the end."""

    rule: str
    held: int
    published: int

    @property
    def share(self) -> float:
        """How often it held for nothing."""
        return self.published / self.held


@dataclass(frozen=True)
class Figures:
    """The past weeks of some blogs."""

    decided: int
    published: int
    refused: int
    #: Decisions that were taken back or overturned later.
    corrected: int
    median_wait: timedelta | None
    longest_wait: timedelta | None
    rules: tuple[RuleFigures, ...]
    waiting: Waiting

    @property
    def for_nothing(self) -> float | None:
        """The share of held items that were published in the end."""
        return self.published / self.decided if self.decided else None


@dataclass(frozen=True)
class _Row:
    item_uid: object
    from_state: str
    to_state: str
    rules: list[str]
    waited: int | None
    undone_at: datetime | None


def figures_of(blogs: frozenset[int]) -> Figures:
    """How moderation went on these blogs lately."""
    rows = _rows(blogs)
    first = [row for row in rows if row.from_state == HELD and row.undone_at is None]
    waits = [row.waited for row in first if row.waited is not None]
    return Figures(
        decided=len(first),
        published=sum(row.to_state in ACCEPTED for row in first),
        refused=sum(row.to_state in REFUSED for row in first),
        corrected=sum(_is_corrected(row) for row in rows),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
        longest_wait=timedelta(seconds=max(waits)) if waits else None,
        rules=_rules(first),
        waiting=_waiting(blogs),
    )


def _rows(blogs: frozenset[int]) -> list[_Row]:
    found = db.session.execute(
        sa.select(
            Decision.item_uid,
            Decision.from_state,
            Decision.to_state,
            Decision.rules,
            Decision.waited,
            Decision.undone_at,
        )
        .where(
            Decision.blog_id.in_(blogs), Decision.created_at > clock.now() - timedelta(days=DAYS)
        )
        .order_by(Decision.id.desc())
        .limit(MOST_DECISIONS)
    )
    return [_Row(*row) for row in found]


def _is_corrected(row: _Row) -> bool:
    overturned = row.from_state in REFUSED and row.to_state in ACCEPTED
    return row.undone_at is not None or overturned


def _rules(rows: list[_Row]) -> tuple[RuleFigures, ...]:
    held = Counter(rule for row in rows for rule in set(row.rules))
    published = Counter(rule for row in rows if row.to_state in ACCEPTED for rule in set(row.rules))
    return tuple(
        RuleFigures(rule, number, published[rule]) for rule, number in held.most_common(12)
    )


def _waiting(blogs: frozenset[int]) -> Waiting:
    found = [kind.waiting(blogs) for kind in registry().every("moderated")]
    since = [waiting.since for waiting in found if waiting.since]
    return Waiting(sum(waiting.number for waiting in found), min(since, default=None))
