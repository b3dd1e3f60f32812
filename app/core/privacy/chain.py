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
from .ring import Loss

_AT_ONCE = 1_000


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
        told = f"The chain is whole: {self.entries} entries."
        lost = f" {self.unchecked} are from before the key was lost and cannot be checked."
        return told + lost if self.unchecked else told


@dataclass
class _Walk:
    """Where a check stands."""

    heads: dict[int, Head]
    loss: Loss | None
    number: int = 0
    mac: bytes = START
    unchecked: int = 0
    now: datetime = field(default_factory=clock.now)


def verify(heads: Iterable[Head] = ()) -> Verdict:
    """Check the whole chain, its details, and that it still contains the given heads."""
    walk = _Walk({head.count: head for head in heads}, ring().loss)
    with _rows() as rows:
        for link, detail, agreement_id in rows:
            problem = (
                _bad_link(walk, link)
                or _bad_detail(walk, link, detail)
                or _bad_look(link, detail, agreement_id)
                or _bad_head(walk, link)
            )
            if problem:
                return Verdict(walk.number, (walk.number + 1, problem), walk.unchecked)
            walk.number, walk.mac = link.id, link.mac
    return Verdict(walk.number, _cut(walk) or _stray(walk.number), walk.unchecked)


def _rows() -> sa.Result[Any, Any, int | None]:
    query = (
        sa.select(AuditLink, AuditDetail, Look.agreement_id)
        .outerjoin(AuditDetail, AuditDetail.id == AuditLink.id)
        .outerjoin(Look, Look.id == AuditLink.id)
        .order_by(AuditLink.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return db.session.execute(query)


def _bad_link(walk: _Walk, link: Any) -> str | None:
    if link.id != walk.number + 1:
        return f"Entry {walk.number + 1} is missing."
    loss = walk.loss
    if loss and link.id <= loss.number:
        walk.unchecked += 1
        if link.id == loss.number and not hmac.compare_digest(link.mac, loss.mac):
            return f"Entry {link.id} is not the one that stood there when the key was lost."
        return None
    try:
        is_right = hmac.compare_digest(mac_of(link, walk.mac), link.mac)
    except KeyError:
        return f"Entry {link.id} names a key that this site does not have."
    return None if is_right else f"Entry {link.id} was changed, or the one before it was."


def _bad_detail(walk: _Walk, link: Any, detail: Any) -> str | None:
    if detail is None:
        is_due = link.detail_until <= walk.now
        return None if is_due else f"The detail of entry {link.id} was deleted before its time."
    is_right = hmac.compare_digest(commitment_of(detail), link.commitment)
    return None if is_right else f"The detail of entry {link.id} was changed."


def _bad_look(link: Any, detail: Any, agreement_id: int | None) -> str | None:
    told = (detail.facts or {}).get("agreement") if detail else agreement_id
    if told == agreement_id and (agreement_id is not None or link.kind != "look" or not detail):
        return None
    return f"Entry {link.id} is a look under another agreement, or under none."


def _bad_head(walk: _Walk, link: Any) -> str | None:
    head = walk.heads.get(link.id)
    if head is None or hmac.compare_digest(bytes.fromhex(head.mac), link.mac):
        return None
    return f"Entry {link.id} is not the one that the head of {head.at} was taken from."


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
