"""Giving somebody's data to an authority: only for an entry that two accounts approved.

The release is on record before anything about a person is read, in a transaction of its own,
and what was given is written down afterwards with the hash of the very file.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict, Forbidden

from ..reveal import Viewer
from .models import (
    GIVEN,
    Disclosure,
    DisclosureApproval,
    DisclosureOutcome,
    DisclosureSubject,
    Kind,
    Outcome,
)
from .register import CLOSED, check_may_disclose, existing_entry, put_on_record
from .terms import has_its_terms, is_sealed_approval, opened

TOO_FEW = (
    "Two different accounts have to approve a demand before anything may be given, and this "
    "one has {n}."
)
NOT_YOURS = "Only one of the two who approved a demand may make the file."
CHANGED = (
    "What this entry says is not what was entered, so its approvals are void and nothing is "
    "given. Run `flask audit verify`, and enter the demand anew."
)


@dataclass(frozen=True, kw_only=True)
class Release:
    """A demand that may be met, and whom it names; the only thing that opens those addresses."""

    entry_id: int
    uid: uuid.UUID
    terms: bytes
    kind: Kind
    authority: str
    country: str
    received_on: date
    scope: str = field(repr=False)
    parts: frozenset[str]
    from_on: date | None
    until_on: date | None
    approvers: tuple[int, int]
    emails: tuple[str, ...] = field(repr=False)
    #: The entry of the audit chain that says so, and when that was.
    number: int
    at: datetime


def release(entry_id: int, viewer: Viewer) -> Release:
    """Begin to meet a demand: checked, put on record, and only then are addresses opened.

    May be repeated for a demand that was met, for a file that got lost. Raises `LookRefused`,
    `Missing`, `Forbidden` for whoever did not approve it, `Conflict` without two approvals
    that are genuine, and `RuntimeError` inside another transaction.
    """
    check_may_disclose(viewer)
    if db.session().info.get("writing"):
        raise RuntimeError("a release inside a transaction could be taken back with it")
    with transaction() as session:
        entry = existing_entry(session, entry_id)
        outcome = outcome_of(session, entry.id)
        if outcome is not None and outcome.outcome not in GIVEN:
            raise Conflict(CLOSED)
        subjects = subjects_of(session, entry.id)
        if not has_its_terms(entry, subjects):
            raise Conflict(CHANGED)
        approvers = _approvers(session, entry, viewer)
        number = put_on_record(session, entry, "disclosure.released", viewer, people=len(subjects))
        return Release(
            entry_id=entry.id,
            uid=entry.uid,
            terms=entry.terms,
            kind=entry.kind,
            authority=entry.authority,
            country=entry.country,
            received_on=entry.received_on,
            scope=opened(entry, "scope"),
            parts=frozenset(entry.parts.split()),
            from_on=entry.from_on,
            until_on=entry.until_on,
            approvers=approvers,
            emails=tuple(opened(subject, "email") for subject in subjects),
            number=number,
            at=clock.now(),
        )


def conclude(
    released: Release, viewer: Viewer, outcome: Outcome, *, accounts: int, file_hash: bytes | None
) -> None:
    """Write down what was given. The first time decides the outcome; each is on record."""
    with transaction() as session:
        entry = existing_entry(session, released.entry_id)
        known = outcome_of(session, entry.id)
        if known is not None and known.outcome not in GIVEN:
            raise Conflict(CLOSED)
        if known is None:
            first_by, second_by = released.approvers
            session.add(
                DisclosureOutcome(
                    disclosure_id=entry.id,
                    terms=released.terms,
                    outcome=outcome,
                    first_by=first_by,
                    second_by=second_by,
                    decided_by=viewer.id,
                    decided_at=clock.now(),
                    accounts=accounts,
                    file_hash=file_hash,
                )
            )
        facts = {"outcome": str(outcome), "people": accounts}
        facts |= {"sha256": file_hash.hex()} if file_hash else {}
        put_on_record(session, entry, "disclosure.given", viewer, **facts)


def outcome_of(session: Session, entry_id: int) -> DisclosureOutcome | None:
    """What came of a demand; `None` while it is open."""
    return session.scalar(sa.select(DisclosureOutcome).filter_by(disclosure_id=entry_id))


def subjects_of(session: Session, entry_id: int) -> list[DisclosureSubject]:
    """The people a demand names, as they were entered; none once that is forgotten."""
    query = sa.select(DisclosureSubject).filter_by(disclosure_id=entry_id)
    return list(session.scalars(query.order_by(DisclosureSubject.id)))


def approvals_of(session: Session, entry_id: int) -> list[DisclosureApproval]:
    """Who approved a demand, in that order."""
    query = sa.select(DisclosureApproval).filter_by(disclosure_id=entry_id)
    return list(session.scalars(query.order_by(DisclosureApproval.id)))


def unapproved() -> tuple[int, int]:
    """How many demands were answered with somebody's data, or with a look for it, and how many
    of them without two genuine approvals of different accounts."""
    session = db.session()
    decided = session.scalars(
        sa.select(DisclosureOutcome).where(DisclosureOutcome.outcome != Outcome.REJECTED)
    ).all()
    wrong = 0
    for outcome in decided:
        genuine = _genuine(session, outcome.disclosure_id, outcome.terms)
        wrong += not {outcome.first_by, outcome.second_by} <= genuine
    return len(decided), wrong


def _approvers(session: Session, entry: Disclosure, viewer: Viewer) -> tuple[int, int]:
    """Two who approved, the viewer one of them; an approval that is not genuine does not count."""
    genuine = _genuine(session, entry.id, entry.terms)
    if len(genuine) < 2:
        raise Conflict(TOO_FEW.format(n=len(genuine) or "none"))
    if viewer.id not in genuine:
        raise Forbidden(NOT_YOURS)
    other = min(genuine - {viewer.id})
    return min(viewer.id, other), max(viewer.id, other)


def _genuine(session: Session, entry_id: int, terms: bytes) -> set[int]:
    return {
        approval.user_id
        for approval in approvals_of(session, entry_id)
        if approval.terms == terms and is_sealed_approval(approval)
    }
