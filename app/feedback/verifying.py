"""Checking what is public: each card against its grant, its approval, its text and the record.

The constraint keeps honest programs honest. Somebody who writes SQL can switch it off, change
a text under its hash, or invent both words it needs; none of that has the right seals.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import AuditDetail, AuditLink, verify
from app.core.registry import Outcome

from .credits import within
from .models import Feedback, State
from .records import Approval, Card, Grant, How, Wording
from .redaction import is_redaction_of
from .seals import hash_of, is_sealed_approval, is_sealed_grant

log = logging.getLogger(__name__)

#: A word that has run out is not shown any more; the job that says so may be late by this much.
LATE = timedelta(days=1)


@dataclass(frozen=True)
class Finding:
    """A card that should not be public as it is, by its number, and a sentence about it."""

    number: int
    sentence: str


@dataclass(frozen=True)
class Checked:
    """How many cards are public, what is wrong with which, and what is wrong with the record."""

    cards: int
    findings: tuple[Finding, ...]
    chain: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to complain about."""
        return not self.findings and self.chain is None


@dataclass(frozen=True)
class _Row:
    """A card and what it says it stands on; whatever is missing is `None`."""

    card: Card
    feedback: Feedback | None
    wording: Wording | None
    grant: Grant | None
    approval: Approval | None


def check_cards() -> Checked:
    """Check every public card, and the record that says how it came about."""
    verdict = verify()
    count, findings = 0, []
    for row in _public():
        count += 1
        sentence = _problem(row, lost=verdict.unchecked)
        if sentence:
            findings.append(Finding(row.card.feedback_id, sentence))
    return Checked(count, tuple(findings), verdict.sentence if verdict.bad else None)


def cards_are_agreed() -> Outcome:
    """Every public card is what its sender agreed to."""
    checked = check_cards()
    if checked.findings:
        bad = len(checked.findings)
        return Outcome(
            problem=f"{bad} of {checked.cards} public cards stand there without the right words "
            "of their senders."
        )
    if not checked.cards:
        return Outcome("Nothing of what was sent is public.")
    cards = "1 public card has" if checked.cards == 1 else f"{checked.cards} public cards have"
    return Outcome(f"{cards} a grant and an approval for exactly the text that is shown.")


def watch_cards() -> None:
    """The daily check; what it finds is in the log for whoever is woken by errors."""
    for finding in check_cards().findings:
        log.error("a card is public that should not be", extra={"number": finding.number})


def _public() -> Iterator[_Row]:
    def of(model: Any) -> sa.ColumnElement[bool]:
        same = sa.and_(model.feedback_id == Card.feedback_id, model.text_hash == Card.text_hash)
        return sa.and_(same, model.live.is_(True)) if hasattr(model, "live") else same

    query = (
        sa.select(Card, Feedback, Wording, Grant, Approval)
        .outerjoin(Feedback, Feedback.id == Card.feedback_id)
        .outerjoin(Wording, of(Wording))
        .outerjoin(Grant, of(Grant))
        .outerjoin(Approval, of(Approval))
        .where(Card.live.is_not(None))
        .order_by(Card.feedback_id)
        .execution_options(yield_per=500)
    )
    for row in db.session.execute(query):
        yield _Row(*row)


def _problem(row: _Row, *, lost: int) -> str | None:
    """The first thing that is wrong with a card. `lost` entries are from before a key was lost."""
    feedback, wording, grant, approval = row.feedback, row.wording, row.grant, row.approval
    if feedback is None or wording is None:
        return "It stands on no text."
    if grant is None:
        return "Its sender does not let this text be public."
    if approval is None:
        return "No administrator approved this text."
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _bad_text(wording),
        lambda: _bad_terms(feedback, grant, approval),
        lambda: _bad_cut(wording),
        lambda: None if grant.entry <= lost else _bad_grant(grant),
        lambda: None if approval.entry <= lost else _bad_approval(approval),
    )
    return next((sentence for check in checks if (sentence := check())), None)


def _bad_text(wording: Wording) -> str | None:
    if hash_of(wording.text) != wording.text_hash:
        return "Its text was changed after it was agreed to."
    is_today = wording.html_version == REMARK_VERSION
    if is_today and wording.html != render_remark(wording.text):
        return "What is shown is not its text."
    return None


def _bad_terms(feedback: Feedback, grant: Grant, approval: Approval) -> str | None:
    if feedback.state not in (State.HELD, State.OPEN):
        return "It was decided against, or erased."
    if not within(grant.credit, approval.widest):
        return "It says more of its sender than was approved."
    if grant.ends_at <= clock.now() - LATE:
        return "The word of its sender has run out."
    return None


def _bad_cut(wording: Wording) -> str | None:
    if wording.how is not How.SHORTENED:
        return None
    base = db.session.scalar(
        sa.select(Wording).where(
            Wording.feedback_id == wording.feedback_id, Wording.text_hash == wording.made_from
        )
    )
    is_right = base is not None and is_redaction_of(base.text, wording.text)
    return None if is_right else "It says something else than the text it was cut from."


def _bad_grant(grant: Grant) -> str | None:
    if not is_sealed_grant(grant):
        return "The grant was not given through this program, or was changed."
    return _bad_entry(grant, "feedback.grant", "grant")


def _bad_approval(approval: Approval) -> str | None:
    if not is_sealed_approval(approval):
        return "The approval was not given through this program, or was changed."
    return _bad_entry(approval, "feedback.approve", "approval")


def _bad_entry(given: Any, kind: str, name: str) -> str | None:
    """What is wrong with an entry of the record; its detail may have been forgotten in time."""
    row = db.session.execute(
        sa.select(AuditLink.kind, AuditDetail.facts)
        .outerjoin(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(AuditLink.id == given.entry)
    ).first()
    if row is None or row.kind != kind:
        return f"The {name} is not on record."
    if row.facts is None:
        return None
    is_same = row.facts.get(name) == given.uid.hex and row.facts.get("seal") == given.mac.hex()
    return None if is_same else f"The record is about another {name}."
