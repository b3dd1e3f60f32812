"""Checking the audit chain: every edit, deletion, swap and cut tail is found, and named."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db

from .audit import START, AuditDetail, AuditLink, Look, commitment_of, mac_of
from .heads import Head
from .keys import ring
from .ring import Ring

#: Each entry with its detail and its promise, as one row, a thousand at a time.
_ROWS = (
    sa.select(
        *(AuditLink.id, AuditLink.at, AuditLink.kind, AuditLink.key_id, AuditLink.detail_until),
        *(AuditLink.commitment, AuditLink.mac, AuditDetail.id.label("detail_id")),
        *(AuditDetail.salt, AuditDetail.actor_id, AuditDetail.blog_id, AuditDetail.subject_uid),
        *(AuditDetail.field, AuditDetail.reason, AuditDetail.facts, Look.agreement_id),
    )
    .outerjoin(AuditDetail, AuditDetail.id == AuditLink.id)
    .outerjoin(Look, Look.id == AuditLink.id)
    .order_by(AuditLink.id)
    .execution_options(yield_per=1_000)
)


@dataclass(frozen=True)
class Verdict:
    """What a check found: how many entries there are, and the first that is wrong."""

    entries: int
    #: The first bad entry, and a sentence about it.
    bad: tuple[int, str] | None = None
    #: Entries from before the key was lost, which can be counted and not checked.
    unchecked: int = 0

    @property
    def sentence(self) -> str:
        """The verdict for a person."""
        if self.bad:
            return self.bad[1]
        told = f"The chain is whole: {self.entries} {'entry' if self.entries == 1 else 'entries'}."
        lost = f" {self.unchecked} are from before the key was lost and cannot be checked."
        return told + lost if self.unchecked else told


@dataclass
class _Walk:
    """Where a check stands."""

    heads: dict[int, Head]
    keys: Ring
    number: int = 0
    mac: bytes = START
    unchecked: int = 0
    now: datetime = field(default_factory=clock.now)


def verify(heads: Iterable[Head] = ()) -> Verdict:
    """Check the whole chain, its details, and that it still contains the given heads."""
    walk = _Walk({head.count: head for head in heads}, ring())
    with db.session.execute(_ROWS) as rows:
        for row in rows:
            problem = _bad_link(walk, row) or _bad_detail(walk, row) or _bad_head(walk, row)
            if problem:
                return Verdict(walk.number, (walk.number + 1, problem), walk.unchecked)
            walk.number, walk.mac = row.id, row.mac
    return Verdict(walk.number, _cut(walk) or _stray(walk.number), walk.unchecked)


def _bad_link(walk: _Walk, row: Any) -> str | None:
    if row.id != walk.number + 1:
        return f"Entry {walk.number + 1} is missing."
    loss = walk.keys.loss
    if loss and row.id <= loss.number:
        walk.unchecked += 1
        if row.id == loss.number and not hmac.compare_digest(row.mac, loss.mac):
            return f"Entry {row.id} is not the one that stood there when the key was lost."
        return None
    try:
        is_right = hmac.compare_digest(mac_of(walk.keys, row, walk.mac), row.mac)
    except KeyError:
        return f"Entry {row.id} names a key that this site does not have."
    return None if is_right else f"Entry {row.id} was changed, or the one before it was."


def _bad_detail(walk: _Walk, row: Any) -> str | None:
    if row.detail_id is None:
        is_due = row.detail_until <= walk.now
        return None if is_due else f"The detail of entry {row.id} was deleted before its time."
    if not hmac.compare_digest(commitment_of(row), row.commitment):
        return f"The detail of entry {row.id} was changed."
    promised = (row.facts or {}).get("agreement")
    if promised != row.agreement_id or (row.kind == "look" and promised is None):
        return f"Entry {row.id} is a look under another agreement, or under none."
    return None


def _bad_head(walk: _Walk, row: Any) -> str | None:
    head = walk.heads.get(row.id)
    if head is None or hmac.compare_digest(bytes.fromhex(head.mac), row.mac):
        return None
    return f"Entry {row.id} is not the one that the head of {head.at} was taken from."


def _cut(walk: _Walk) -> tuple[int, str] | None:
    """The first entry that a head knows of and the chain does not have."""
    beyond = [head for count, head in sorted(walk.heads.items()) if count > walk.number]
    if not beyond:
        return None
    first, newest = walk.number + 1, beyond[-1]
    return first, (
        f"Entry {first} is missing: the chain ends at {walk.number}, and had {newest.count} "
        f"entries on {newest.at}."
    )


def _stray(number: int) -> tuple[int, str] | None:
    """A detail of no entry."""
    query = sa.select(sa.func.min(AuditDetail.id)).where(AuditDetail.id > number)
    stray = db.session.scalar(query)
    return (stray, f"There is a detail of entry {stray}, which does not exist.") if stray else None
