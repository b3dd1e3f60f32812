"""The register as its keepers see it: every address under a mask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.accounts import keepers, users_by_id
from app.core import clock
from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Unreadable, Viewer, masked
from app.core.privacy.disclosures import (
    GIVEN,
    KINDS,
    Disclosure,
    DisclosureApproval,
    DisclosureOutcome,
    approvals_of,
    may_be_told,
    opened,
    outcome_of,
    parts_in_words,
    subjects_of,
)
from app.core.registry import Figure

from .words import state_in_words

INDEX = "/admin/disclosures/"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One demand in the list."""

    number: int
    kind: str
    received_on: date
    authority: str
    country: str
    people: int
    state: str
    is_open: bool
    barred_until: date | None


@dataclass(frozen=True, kw_only=True)
class Approver:
    """Somebody who agreed, and when."""

    name: str
    at: datetime
    is_self: bool


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """One demand with all that is known of it."""

    line: Line
    scope: str
    reason: str
    parts: str
    from_on: date | None
    until_on: date | None
    document_hash: str
    masks: tuple[str, ...]
    entered_by: str
    entered_at: datetime
    approvers: tuple[Approver, ...]
    outcome: str | None
    decided_by: str
    decided_at: datetime | None
    accounts: int
    file_hash: str
    notified_on: date | None
    may_approve: bool
    may_release: bool
    may_bar: bool
    is_alone: bool


def register_page() -> list[Line]:
    """Every demand, newest first, in one statement."""
    approvals = (
        sa.select(sa.func.count(DisclosureApproval.id))
        .where(DisclosureApproval.disclosure_id == Disclosure.id)
        .scalar_subquery()
    )
    query = (
        sa.select(Disclosure, DisclosureOutcome.outcome, approvals)
        .outerjoin(DisclosureOutcome, DisclosureOutcome.disclosure_id == Disclosure.id)
        .order_by(Disclosure.received_on.desc(), Disclosure.id.desc())
    )
    return [_line(*row) for row in db.session.execute(query)]


def entry_page(viewer: Viewer, entry_id: int) -> EntryPage:
    """One demand. Raises `Missing`."""
    session = db.session()
    entry = session.get(Disclosure, entry_id)
    if entry is None:
        raise Missing
    outcome, approvals = outcome_of(session, entry_id), approvals_of(session, entry_id)
    given = {approval.user_id for approval in approvals}
    names = _names(given | {entry.entered_by} | ({outcome.decided_by} if outcome else set()))
    is_given = outcome is not None and outcome.outcome in GIVEN
    return EntryPage(
        line=_line(entry, outcome.outcome if outcome else None, len(approvals)),
        scope=_text(entry, "scope"),
        reason=_text(entry, "reason"),
        parts=parts_in_words(entry.parts.split()),
        from_on=entry.from_on,
        until_on=entry.until_on,
        document_hash=entry.document_hash.hex() if entry.document_hash else "",
        masks=tuple(masked(subject, "email") for subject in subjects_of(session, entry_id)),
        entered_by=names.get(entry.entered_by, ""),
        entered_at=entry.created_at,
        approvers=tuple(
            Approver(
                name=names.get(approval.user_id, ""),
                at=approval.approved_at,
                is_self=approval.user_id == viewer.id,
            )
            for approval in approvals
        ),
        outcome=state_in_words(outcome.outcome, 0) if outcome else None,
        decided_by=names.get(outcome.decided_by, "") if outcome else "",
        decided_at=outcome.decided_at if outcome else None,
        accounts=outcome.accounts if outcome else 0,
        file_hash=outcome.file_hash.hex() if outcome and outcome.file_hash else "",
        notified_on=entry.notified_on,
        may_approve=outcome is None and viewer.id not in given,
        may_release=(outcome is None or is_given) and len(given) > 1 and viewer.id in given,
        may_bar=entry.done_at is None,
        is_alone=is_alone(),
    )


def is_alone() -> bool:
    """Whether fewer than two accounts could approve, so that nothing can be given."""
    return len(keepers()) < 2


def open_demands(viewer: Viewer) -> int:
    """How many demands wait for a decision."""
    return db.session.scalar(_open()) or 0


def entries_to_count() -> int:
    """How many demands may be spoken of, asked one by one and not by year and kind."""
    return len(db.session.scalars(sa.select(Disclosure.id).where(may_be_told())).all())


def figures(viewer: Viewer) -> list[Figure]:
    """For those who keep the register: what waits there, and nothing when nothing does."""
    if not (viewer.has_right("own") or viewer.has_right("administer")):
        return []
    waiting = open_demands(viewer)
    label = "Legal demand to decide" if waiting == 1 else "Legal demands to decide"
    return [Figure(label, waiting, INDEX, is_alarm=True)] if waiting else []


def _open() -> sa.Select[Any]:
    decided = sa.select(DisclosureOutcome.disclosure_id)
    return sa.select(sa.func.count(Disclosure.id)).where(Disclosure.id.not_in(decided))


def _line(entry: Disclosure, outcome: Any, approvals: int) -> Line:
    is_barred = entry.barred_until is not None and entry.barred_until > clock.now().date()
    return Line(
        number=entry.id,
        kind=KINDS[entry.kind],
        received_on=entry.received_on,
        authority=entry.authority,
        country=entry.country,
        people=entry.accounts,
        state=state_in_words(outcome, approvals),
        is_open=outcome is None,
        barred_until=entry.barred_until if is_barred else None,
    )


def _text(entry: Disclosure, attribute: str) -> str:
    try:
        return opened(entry, attribute)
    except Unreadable:
        return "This can no longer be read."


def _names(ids: Iterable[int]) -> dict[int, str]:
    return {user.id: user.username for user in users_by_id(ids).values()}
