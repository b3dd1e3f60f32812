"""What of the register others may know: the public counts, and what each person may read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import sqlalchemy as sa

from app.core import clock
from app.core.database import db

from ..audit import AuditLink
from ..vault import matches
from .models import GIVEN, Disclosure, DisclosureOutcome, DisclosureSubject, Kind, Outcome
from .words import KINDS, OUTCOMES, parts_in_words


class Addressed(Protocol):
    """Somebody who is known by an address."""

    @property
    def email(self) -> str:
        """The address."""


@dataclass(frozen=True)
class DisclosureCount:
    """The demands of one kind and one year that may be spoken of."""

    year: int
    kind: Kind
    received: int
    #: Of those, how many ended with something being given, and about how many people.
    disclosed: int
    accounts: int
    #: How many of these people were told.
    notified: int
    #: How many demands came with a duty of silence, which is over by now.
    barred: int


@dataclass(frozen=True)
class AboutYou:
    """One demand for somebody's data, as far as that person may know of it."""

    number: int
    kind: Kind
    received_on: date
    authority: str
    country: str
    parts: tuple[str, ...]
    from_on: date | None
    until_on: date | None
    #: `None` while it is not decided.
    outcome: Outcome | None
    decided_at: datetime | None

    @property
    def kind_named(self) -> str:
        """What kind of demand it was, in words."""
        return KINDS[self.kind].lower()

    @property
    def parts_named(self) -> str:
        """What was asked for, in words."""
        return parts_in_words(self.parts)

    @property
    def outcome_named(self) -> str:
        """What came of it, in words; empty while it is not decided."""
        return OUTCOMES[self.outcome] if self.outcome else ""


def disclosures_about(person: Addressed) -> list[AboutYou]:
    """Every demand that names somebody and is under no duty of silence, newest first."""
    query = (
        sa.select(Disclosure, DisclosureOutcome)
        .join(DisclosureSubject, DisclosureSubject.disclosure_id == Disclosure.id)
        .outerjoin(DisclosureOutcome, DisclosureOutcome.disclosure_id == Disclosure.id)
        .where(matches(DisclosureSubject.email, person.email), may_be_told())
        .order_by(Disclosure.received_on.desc(), Disclosure.id.desc())
    )
    return [_about(entry, outcome) for entry, outcome in db.session.execute(query)]


def may_be_told() -> sa.ColumnElement[bool]:
    """The condition that no duty of silence lies on a demand, or none any more."""
    today = clock.now().date()
    return sa.or_(Disclosure.barred_until.is_(None), Disclosure.barred_until <= today)


def counted_disclosures() -> list[DisclosureCount]:
    """The demands that may be spoken of, by year and kind; one statement."""
    year = sa.extract("year", Disclosure.received_on)
    given = DisclosureOutcome.outcome.in_(GIVEN)
    told = sa.and_(given, Disclosure.notified_on.is_not(None))
    query = (
        sa.select(
            year,
            Disclosure.kind,
            sa.func.count(Disclosure.id),
            sa.func.count(sa.case((given, 1))),
            sa.func.coalesce(sa.func.sum(sa.case((given, DisclosureOutcome.accounts))), 0),
            sa.func.coalesce(sa.func.sum(sa.case((told, DisclosureOutcome.accounts))), 0),
            sa.func.count(Disclosure.barred_until),
        )
        .outerjoin(DisclosureOutcome, DisclosureOutcome.disclosure_id == Disclosure.id)
        .where(may_be_told())
        .group_by(year, Disclosure.kind)
    )
    return [DisclosureCount(int(row[0]), *row[1:]) for row in db.session.execute(query)]


def counted_looks() -> Iterator[tuple[date, int]]:
    """The first of each month and the looks at personal data in it; one statement.

    Months without a look are left out, except the one in which the record begins.
    """
    year, month = sa.extract("year", AuditLink.at), sa.extract("month", AuditLink.at)
    looks = (
        sa.select(year.label("year"), month.label("month"), sa.func.count(AuditLink.id))
        .where(AuditLink.kind == "look")
        .group_by(year, month)
    )
    begins = sa.select(year, month, sa.literal(0)).where(AuditLink.id == 1)
    found: dict[date, int] = {}
    for row in db.session.execute(looks.union_all(begins)):
        first = date(int(row[0]), int(row[1]), 1)
        found[first] = found.get(first, 0) + row[2]
    yield from sorted(found.items())


def _about(entry: Disclosure, outcome: DisclosureOutcome | None) -> AboutYou:
    return AboutYou(
        number=entry.id,
        kind=entry.kind,
        received_on=entry.received_on,
        authority=entry.authority,
        country=entry.country,
        parts=tuple(entry.parts.split()),
        from_on=entry.from_on,
        until_on=entry.until_on,
        outcome=outcome.outcome if outcome else None,
        decided_at=outcome.decided_at if outcome else None,
    )
