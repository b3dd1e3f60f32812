"""The record of what was looked at, decided and destroyed: a chain nobody can edit unnoticed.

`audit_chain` holds nobody's data and is kept for ever; each row's MAC covers the row
before it. `audit_details` says who and what, is bound to its row of the chain by a
commitment, and may be deleted once its time is over. `looks` ties each look to the
promise it was taken under. Triggers refuse everything else.
"""

import hashlib
import hmac
import json
import secrets
import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, is_sqlite, transaction

from .belonging import by_account, by_parent, by_uid
from .columns import NOBODY, not_personal, personal
from .keys import ring
from .ring import Ring

START = bytes(32)
_LOCK = 0x636C6F77  # a number of our own among PostgreSQL's advisory locks


def _detail(kind: str, type_: Any, *, subject: str = "administrator", index: bool = False) -> Any:
    return personal(
        kind,
        why="looks and decisions can be accounted for",
        opens_for=NOBODY,
        keep="KEEP_AUDIT_DETAIL_DAYS",
        subject=subject,
        interest="prove who used which right, to the persons concerned and to authorities",
        source="recorded",
        clock="audit_chain.at",
        ends="audit_chain.detail_until",
        on_expiry="delete_row",
        on_erasure="keep",
        kept_why="looks and decisions can be accounted for until then",
        type_=type_,
        index=index,
    )


class AuditLink(Model):
    """One row of the chain. Its number is its place, without gaps."""

    __tablename__ = "audit_chain"
    __table_args__ = (sa.Index("ix_audit_chain_kind_at", "kind", "at"),)

    at: Mapped[datetime] = not_personal("when something was recorded", UtcDateTime)
    kind: Mapped[str] = not_personal("which kind of event, from a fixed list", sa.String(40))
    key_id: Mapped[int] = not_personal("id of a key", sa.BigInteger)
    #: The detail may be deleted from then on.
    detail_until: Mapped[datetime] = not_personal("end of a period", UtcDateTime)
    commitment: Mapped[bytes] = not_personal("salted hash of the detail", sa.LargeBinary(32))
    mac: Mapped[bytes] = not_personal("seal over this row and the ones before", sa.LargeBinary(32))


class AuditDetail(Model):
    """Who did what to whose row, and why; never the value that was seen."""

    __tablename__ = "audit_details"
    __belongs__ = (
        by_account("actor_id", only=("actor_id", "reason", "facts")),
        by_uid("subject_uid", only=("subject_uid",)),
    )

    id: Mapped[int] = not_personal(
        "place in the chain", sa.ForeignKey("audit_chain.id"), primary_key=True, sort_order=-1
    )
    salt: Mapped[bytes] = not_personal("random", sa.LargeBinary(32))
    actor_id: Mapped[int | None] = _detail("account", sa.Integer, index=True)
    blog_id: Mapped[int | None] = not_personal("which blog", index=True)
    subject_uid: Mapped[uuid.UUID | None] = _detail(
        "row", sa.Uuid(), subject="commenter", index=True
    )
    field: Mapped[str | None] = not_personal("name a column is sealed under", sa.String(80))
    reason: Mapped[str | None] = _detail("content", sa.String(300))
    facts: Mapped[Any | None] = _detail("content", sa.JSON(none_as_null=True))


class Look(Model):
    """The promise of confidentiality under which a look was taken; without one there is no look."""

    __tablename__ = "looks"
    __belongs__ = by_parent("agreement_id", "acceptances")

    id: Mapped[int] = not_personal(
        "place in the chain", sa.ForeignKey("audit_chain.id"), primary_key=True, sort_order=-1
    )
    agreement_id: Mapped[int] = _detail("account", sa.ForeignKey("acceptances.id"))


#: A view that the database takes apart: an entry is written whole or not at all.
_ENTRY = sa.insert(
    sa.table(
        "audit_entries",
        *(
            sa.column(column.name, column.type)
            for table in (AuditLink, AuditDetail, Look)
            for column in table.__table__.columns
            if table is AuditLink or column.name != "id"
        ),
    )
)
_TAIL = sa.select(AuditLink.id, AuditLink.mac).order_by(AuditLink.id.desc()).limit(1)
#: The same, and nobody else appends until the transaction ends.
_LOCKED_TAIL = sa.select(
    sa.func.audit_tail(_LOCK).table_valued(
        sa.column("id", sa.Integer), sa.column("mac", sa.LargeBinary)
    )
)


class What(TypedDict, total=False):
    """What an entry says beside its kind."""

    actor_id: int | None
    blog_id: int | None
    subject_uid: uuid.UUID | None
    field: str | None
    reason: str | None
    facts: dict[str, Any] | None
    agreement_id: int | None


def record(kind: str, session: Session | None = None, **what: Unpack[What]) -> int:
    """Append to the chain, in the transaction at hand or in one of its own; the entry's number.

    `facts` may hold numbers and words of the program, never what a person typed.
    """
    if session is not None:
        return _append(session, kind, what)
    with transaction() as own:
        return _append(own, kind, what)


def lock_chain(session: Session) -> None:
    """Let nobody else append until the transaction ends; SQLite's write lock does so already."""
    if not is_sqlite():
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _append(session: Session, kind: str, what: What) -> int:
    last = session.execute(_TAIL if is_sqlite() else _LOCKED_TAIL).first()
    at, keys = clock.now(), ring()
    agreement_id = what.get("agreement_id")
    if agreement_id is not None:
        what["facts"] = (what.get("facts") or {}) | {"agreement": agreement_id}
    entry = SimpleNamespace(
        id=last.id + 1 if last else 1,
        at=at,
        kind=kind,
        key_id=keys.current,
        detail_until=at + timedelta(days=current_app.config["KEEP_AUDIT_DETAIL_DAYS"]),
        salt=secrets.token_bytes(32),
        **dict.fromkeys(What.__optional_keys__) | what,
    )
    entry.commitment = commitment_of(entry)
    entry.mac = mac_of(keys, entry, last.mac if last else START)
    session.execute(_ENTRY, vars(entry))
    return int(entry.id)


def mac_of(keys: Ring, link: Any, before: bytes) -> bytes:
    """The seal of a row, given that of the row before. Raises `KeyError` without its key."""
    row = [link.id, _text(link.at), link.kind, link.key_id, _text(link.detail_until)]
    message = before + _canonical([*row, link.commitment.hex()])
    return hmac.digest(keys.audit_key(link.key_id), message, hashlib.sha256)


def commitment_of(detail: Any) -> bytes:
    """The hash that binds a detail to its row of the chain; without the salt it tells nothing."""
    uid = str(detail.subject_uid) if detail.subject_uid else None
    row = [detail.actor_id, detail.blog_id, uid, detail.field, detail.reason, detail.facts]
    return hmac.digest(detail.salt, _canonical(row), hashlib.sha256)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _canonical(row: list[Any]) -> bytes:
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode()
