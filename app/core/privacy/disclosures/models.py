"""The register of legal demands: what was asked, about whom, who agreed, and what came of it.

An entry is written once. Approvals are of its exact terms, and the outcome is a row of its own
that the database takes only with the approvals of two different accounts; an entry without
one is open. What an entry says in words, and about whom, is sealed.
"""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime

from ..belonging import of_nobody
from ..columns import NOBODY, SUBJECT, lookup_of, not_personal, personal, uid_column
from ..sealed import Sealed

LONGEST_AUTHORITY = 200
LONGEST_COUNTRY = 60
#: The purpose under which what is sealed here is read again: by the register itself.
REGISTER = "register"


#: A link would show a demand, or keep it visibly, while the law may forbid to speak of it.
_SILENT = of_nobody(
    "those named read of it by `disclosures_about`, which is silent while the law demands that; "
    "an erasure keeps it, as it accounts for what was given"
)


class Kind(enum.StrEnum):
    """What a demand rests on."""

    SUBPOENA = "subpoena"
    COURT_ORDER = "court_order"
    SEARCH_WARRANT = "search_warrant"
    GOVERNMENT_REQUEST = "government_request"
    CIVIL = "civil"
    GOOD_FAITH = "good_faith"


class Outcome(enum.StrEnum):
    """What came of a demand."""

    COMPLIED = "complied"
    PARTLY = "partly"
    REJECTED = "rejected"
    NOTHING_HELD = "nothing_held"


#: Outcomes by which something was given away.
GIVEN = (Outcome.COMPLIED, Outcome.PARTLY)


def _word(kind: type[enum.StrEnum]) -> sa.Enum:
    return sa.Enum(
        kind, native_enum=False, length=20, values_callable=lambda words: [w.value for w in words]
    )


def _accounted(kind: str, why: str, **more: Any) -> Any:
    terms: dict[str, Any] = {
        "opens_for": NOBODY,
        "keep": "KEEP_DISCLOSURES_DAYS",
        "since": "after the demand was closed",
        "subject": "person concerned",
        "basis": "6(1)(c)",
        "source": "recorded",
        "clock": "done_at",
        "on_erasure": "keep",
        "uses": (REGISTER,),
    }
    return personal(kind, why=why, **terms | more)


def _done_at() -> Any:
    return not_personal(
        "when nothing is left to decide or to tell", UtcDateTime, nullable=True, index=True
    )


class Disclosure(Model):
    """One demand for somebody's data, as its paper says it."""

    __tablename__ = "disclosures"
    __belongs__ = _SILENT
    __table_args__ = (
        UniqueConstraint("id", "terms"),
        CheckConstraint("kind = 'good_faith' OR document_hash IS NOT NULL", name="document"),
        CheckConstraint(
            "kind <> 'good_faith' OR reason IS NOT NULL OR done_at IS NOT NULL", name="reason"
        ),
        CheckConstraint("accounts > 0", name="accounts"),
        sa.Index("ix_disclosures_received_on", "received_on", "kind"),
    )

    uid: Mapped[uuid.UUID] = uid_column()
    kind: Mapped[Kind] = not_personal("what the demand rests on", _word(Kind))
    received_on: Mapped[date] = not_personal("day of the paper", sa.Date)
    authority: Mapped[str] = not_personal("the office that asks", sa.String(LONGEST_AUTHORITY))
    country: Mapped[str] = not_personal("where that office is", sa.String(LONGEST_COUNTRY))
    scope: Mapped[Sealed | None] = _accounted(
        "content", "what was asked for can be accounted for", seal="disclosure.scope"
    )
    reason: Mapped[Sealed | None] = _accounted(
        "content", "an act in good faith can be accounted for", seal="disclosure.reason"
    )
    #: Kinds of data of which some is asked for, with blanks between.
    parts: Mapped[str] = not_personal("kinds of data, from a fixed list", sa.String(120))
    from_on: Mapped[date | None] = not_personal("first day asked about", sa.Date)
    until_on: Mapped[date | None] = not_personal("last day asked about", sa.Date)
    #: How many people are named. Their rows end one day, and the number stays.
    accounts: Mapped[int] = not_personal("how many people are named")
    document_hash: Mapped[bytes | None] = not_personal("SHA-256 of the paper", sa.LargeBinary(32))
    #: Over everything above: whoever approves, approves exactly that.
    terms: Mapped[bytes] = not_personal("seal over what the entry says", sa.LargeBinary(32))
    entered_by: Mapped[int] = not_personal("which account entered it", ForeignKey("users.id"))
    created_at: Mapped[datetime] = not_personal("age of the row", UtcDateTime, default=clock.now)
    #: On that day the people named may be told.
    barred_until: Mapped[date | None] = not_personal("end of a duty of silence", sa.Date)
    notified_on: Mapped[date | None] = not_personal("day people were told", sa.Date)
    done_at: Mapped[datetime | None] = _done_at()


class DisclosureSubject(Model):
    """One person whom a demand names, by the address it names them with."""

    __tablename__ = "disclosure_subjects"
    __belongs__ = _SILENT
    __table_args__ = (UniqueConstraint("disclosure_id", "email_lookup"),)

    uid: Mapped[uuid.UUID] = uid_column()
    disclosure_id: Mapped[int] = not_personal(
        "the demand", ForeignKey("disclosures.id", ondelete="CASCADE")
    )
    email: Mapped[Sealed | None] = _accounted(
        "email",
        "you can be told of a demand for your data, and it can be accounted for",
        opens_for=SUBJECT,
        on_expiry="delete_row",
        seal="disclosure.email",
        uses=(REGISTER, "mail"),
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    done_at: Mapped[datetime | None] = _done_at()


class DisclosureApproval(Model):
    """An account's word that a demand, exactly as it is entered, may be met."""

    __tablename__ = "disclosure_approvals"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "terms"], ["disclosures.id", "disclosures.terms"]),
        UniqueConstraint("disclosure_id", "user_id"),
        UniqueConstraint("disclosure_id", "terms", "user_id"),
    )

    disclosure_id: Mapped[int] = not_personal("the demand")
    terms: Mapped[bytes] = not_personal("what exactly was approved", sa.LargeBinary(32))
    user_id: Mapped[int] = not_personal("which account approved", ForeignKey("users.id"))
    approved_at: Mapped[datetime] = not_personal("when", UtcDateTime)
    mac: Mapped[bytes] = not_personal("seal over what it says", sa.LargeBinary(32))


def _approval_by(column: str) -> ForeignKeyConstraint:
    approval = DisclosureApproval.__tablename__
    return ForeignKeyConstraint(
        ["disclosure_id", "terms", column],
        [f"{approval}.{name}" for name in ("disclosure_id", "terms", "user_id")],
        name=f"fk_disclosure_outcomes_{column}",
    )


class DisclosureOutcome(Model):
    """What came of a demand. Anything but a refusal stands on two approvals of its terms."""

    __tablename__ = "disclosure_outcomes"
    __table_args__ = (
        ForeignKeyConstraint(["disclosure_id", "terms"], ["disclosures.id", "disclosures.terms"]),
        UniqueConstraint("disclosure_id"),
        _approval_by("first_by"),
        _approval_by("second_by"),
        CheckConstraint(
            "outcome = 'rejected' OR (first_by IS NOT NULL AND second_by IS NOT NULL"
            " AND first_by < second_by)",
            name="two_approvals",
        ),
    )

    disclosure_id: Mapped[int] = not_personal("the demand")
    terms: Mapped[bytes] = not_personal("what exactly was decided on", sa.LargeBinary(32))
    outcome: Mapped[Outcome] = not_personal("what came of it", _word(Outcome))
    first_by: Mapped[int | None] = not_personal("which account approved")
    second_by: Mapped[int | None] = not_personal("which other account approved")
    decided_by: Mapped[int] = not_personal("which account did it", ForeignKey("users.id"))
    decided_at: Mapped[datetime] = not_personal("when", UtcDateTime)
    #: About how many of the people named something was given.
    accounts: Mapped[int] = not_personal("about how many people data was given", default=0)
    file_hash: Mapped[bytes | None] = not_personal("SHA-256 of what was given", sa.LargeBinary(32))
