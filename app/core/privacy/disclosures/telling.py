"""Who is to be told that a demand named them, and when: at once, or when silence is over."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock

from .models import GIVEN, Disclosure, DisclosureOutcome, DisclosureSubject
from .register import put_on_record
from .release import subjects_of
from .report import may_be_told


def due_to_be_told(session: Session) -> Iterator[tuple[Disclosure, list[DisclosureSubject]]]:
    """Decided demands that may be spoken of and of which nobody was told, and whom to tell.

    Where nothing was given there is nobody to write to: those named can read of it themselves.
    """
    query = (
        sa.select(Disclosure, DisclosureOutcome.outcome)
        .join(DisclosureOutcome, DisclosureOutcome.disclosure_id == Disclosure.id)
        .where(Disclosure.done_at.is_(None), may_be_told())
        .order_by(Disclosure.id)
        # Silence that is set meanwhile is waited for, and then obeyed.
        .with_for_update(of=Disclosure)
    )
    for entry, outcome in session.execute(query).all():
        yield entry, subjects_of(session, entry.id) if outcome in GIVEN else []


def mark_told(session: Session, entry: Disclosure, told: list[DisclosureSubject]) -> None:
    """Nothing is left to tell of a demand; from now on its period counts."""
    at = clock.now()
    entry.done_at = at
    if told:
        entry.notified_on = at.date()
        put_on_record(session, entry, "disclosure.told", None, people=len(told))
    subjects = sa.update(DisclosureSubject).where(DisclosureSubject.disclosure_id == entry.id)
    session.execute(subjects.values(done_at=at))
