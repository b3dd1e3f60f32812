"""Keeping the register: entering a demand, approving or refusing it, and silence about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Conflict, Missing, Unacceptable

from ..audit import record
from ..reveal import LookRefused, Need, Viewer, missing_of
from ..sealed import seal
from .models import (
    Disclosure,
    DisclosureApproval,
    DisclosureOutcome,
    DisclosureSubject,
    Kind,
    Outcome,
)
from .terms import seal_approval, seal_terms

CLOSED = "This demand is closed: its outcome is on record and stays as it is."


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What a paper asks for, as somebody typed it."""

    kind: Kind
    received_on: date
    authority: str
    country: str
    scope: str
    parts: tuple[str, ...]
    emails: tuple[str, ...]
    from_on: date | None = None
    until_on: date | None = None
    reason: str = ""
    document_hash: bytes | None = None
    barred_until: date | None = None


def missing_to_disclose(viewer: Viewer) -> Need | None:
    """The first thing that keeps somebody from the register; the same as keeps from a look."""
    may_keep_it = viewer.is_owner or viewer.has_right("administer")
    return missing_of(viewer) if may_keep_it else Need.ROLE


def enter(demand: Demand, viewer: Viewer) -> Disclosure:
    """Write a demand into the register; nobody's data is looked at for it."""
    check_may_disclose(viewer)
    if demand.kind is Kind.GOOD_FAITH and not demand.reason:
        raise Unacceptable("An act in good faith needs its reason in words.")
    if demand.kind is not Kind.GOOD_FAITH and demand.document_hash is None:
        raise Unacceptable("A demand needs its paper, or the SHA-256 of it.")
    if not demand.emails:
        raise Unacceptable("A demand names at least one person.")
    entry = _entry(demand, viewer)
    with transaction() as session:
        subjects = [_subject(email) for email in demand.emails]
        entry.accounts = len(subjects)
        entry.terms = seal_terms(entry, subjects)
        session.add(entry)
        session.flush()
        for subject in subjects:
            subject.disclosure_id = entry.id
        session.add_all(subjects)
        put_on_record(
            session,
            entry,
            "disclosure.entered",
            viewer,
            demand=str(entry.kind),
            people=entry.accounts,
        )
    return entry


def approve(entry_id: int, viewer: Viewer) -> None:
    """Put the viewer's word under the very terms of an entry; a second time changes nothing."""
    check_may_disclose(viewer)
    with transaction() as session:
        entry = open_entry(session, entry_id)
        given = sa.select(DisclosureApproval.user_id).filter_by(disclosure_id=entry.id)
        if viewer.id in session.scalars(given).all():
            return
        approval = DisclosureApproval(
            disclosure_id=entry.id,
            terms=entry.terms,
            user_id=viewer.id,
            approved_at=clock.now(),
        )
        approval.mac = seal_approval(approval)
        session.add(approval)
        put_on_record(session, entry, "disclosure.approved", viewer)


def reject(entry_id: int, viewer: Viewer) -> None:
    """Close a demand without looking at anybody's data. One person is enough for a no."""
    check_may_disclose(viewer)
    with transaction() as session:
        entry = open_entry(session, entry_id)
        session.add(
            DisclosureOutcome(
                disclosure_id=entry.id,
                terms=entry.terms,
                outcome=Outcome.REJECTED,
                decided_by=viewer.id,
                decided_at=clock.now(),
            )
        )
        put_on_record(session, entry, "disclosure.rejected", viewer)


def bar(entry_id: int, until: date | None, viewer: Viewer) -> None:
    """Set until when the people named may not be told, or lift that.

    Raises `Conflict` when they were told already, or may be told by now.
    """
    check_may_disclose(viewer)
    with transaction() as session:
        entry = existing_entry(session, entry_id)
        if entry.notified_on is not None or entry.done_at is not None:
            raise Conflict("The people named have been told, or may read of it already.")
        if until is not None and until <= clock.now().date():
            raise Unacceptable("Silence ends on a day that is still to come.")
        entry.barred_until = until
        put_on_record(
            session, entry, "disclosure.barred", viewer, until=str(until) if until else "lifted"
        )


def check_may_disclose(viewer: Viewer) -> None:
    """Raise `LookRefused` for whoever may not keep the register, or not yet."""
    need = missing_to_disclose(viewer)
    if need:
        raise LookRefused(need)


def existing_entry(session: Session, entry_id: int) -> Disclosure:
    """An entry of that number. Raises `Missing`."""
    entry = session.get(Disclosure, entry_id, with_for_update=True)
    if entry is None:
        raise Missing
    return entry


def open_entry(session: Session, entry_id: int) -> Disclosure:
    """An entry that is still to be decided. Raises `Missing`, and `Conflict` for a closed one."""
    entry = existing_entry(session, entry_id)
    outcome = sa.select(DisclosureOutcome.id).filter_by(disclosure_id=entry.id)
    if session.scalar(outcome) is not None:
        raise Conflict(CLOSED)
    return entry


def put_on_record(
    session: Session, entry: Disclosure, kind: str, viewer: Viewer | None, **facts: Any
) -> int:
    """Append to the audit chain, under the entry's number and random name."""
    return record(
        kind,
        session,
        actor_id=viewer.id if viewer else None,
        subject_uid=entry.uid,
        facts={"entry": entry.id} | facts,
    )


def _entry(demand: Demand, viewer: Viewer) -> Disclosure:
    entry = Disclosure(
        kind=demand.kind,
        received_on=demand.received_on,
        authority=demand.authority,
        country=demand.country,
        parts=" ".join(demand.parts),
        from_on=demand.from_on,
        until_on=demand.until_on,
        document_hash=demand.document_hash,
        barred_until=demand.barred_until,
        entered_by=viewer.id,
    )
    entry.scope = seal(demand.scope)  # type: ignore[assignment]  # sealed as it is assigned
    if demand.reason:
        entry.reason = seal(demand.reason)  # type: ignore[assignment]  # likewise
    return entry


def _subject(email: str) -> DisclosureSubject:
    subject = DisclosureSubject()
    subject.email = seal(email)  # type: ignore[assignment]  # sealed as it is assigned
    return subject
