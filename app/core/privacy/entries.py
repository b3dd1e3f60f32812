"""Reading the audit log: newest first, a page at a time."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from app.core.database import db

from .audit import AuditDetail, AuditLink

PER_PAGE = 50


@dataclass(frozen=True)
class AuditEntry:
    """One entry with its detail, of which nothing is left once its time is over."""

    number: int
    at: datetime
    kind: str
    has_detail: bool
    actor_id: int | None
    blog_id: int | None
    subject_uid: uuid.UUID | None
    field: str | None
    reason: str | None
    facts: dict[str, Any]


class Wanted(TypedDict, total=False):
    """Which entries; what is not named or `None` does not matter."""

    kinds: Collection[str] | None
    actor_id: int | None
    blog_ids: Collection[int] | None
    #: With `blog_ids`: those that are of no blog, too.
    with_site: bool
    subject_uid: uuid.UUID | None
    field: str | None
    since: datetime | None


def entries(
    before: int | None = None, most: int = PER_PAGE, **wanted: Unpack[Wanted]
) -> list[AuditEntry]:
    """The newest entries with a number below `before`, at most so many; one statement."""
    query = (
        sa.select(AuditLink.id.label("number"), AuditLink.at, AuditLink.kind, *_DETAIL)
        .outerjoin(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(*_conditions(wanted))
        .order_by(AuditLink.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(AuditLink.id < before)
    return [
        AuditEntry(**{**row._mapping, "facts": row.facts or {}})
        for row in db.session.execute(query)
    ]


def count_entries(**wanted: Unpack[Wanted]) -> int:
    """How many entries there are of that kind."""
    query = (
        sa.select(sa.func.count(AuditLink.id))
        .outerjoin(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(*_conditions(wanted))
    )
    return db.session.scalar(query) or 0


def last_recorded(kind: str) -> sa.ScalarSelect[datetime]:
    """When an entry of that kind was last made, as a part of a statement."""
    return sa.select(sa.func.max(AuditLink.at)).where(AuditLink.kind == kind).scalar_subquery()


def actors(**wanted: Unpack[Wanted]) -> list[int]:
    """The accounts that such entries name as having acted."""
    query = (
        sa.select(AuditDetail.actor_id)
        .join(AuditLink, AuditLink.id == AuditDetail.id)
        .where(AuditDetail.actor_id.is_not(None), *_conditions(wanted))
        .distinct()
    )
    return [actor_id for actor_id in db.session.scalars(query) if actor_id is not None]


_DETAIL = (
    AuditDetail.id.is_not(None).label("has_detail"),
    *(AuditDetail.actor_id, AuditDetail.blog_id, AuditDetail.subject_uid),
    *(AuditDetail.field, AuditDetail.reason, AuditDetail.facts),
)


def _conditions(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    kinds, blogs, since = wanted.get("kinds"), wanted.get("blog_ids"), wanted.get("since")
    if kinds is not None:
        yield AuditLink.kind.in_(kinds)
    if blogs is not None:
        is_theirs = AuditDetail.blog_id.in_(sorted(blogs))
        is_of_none = AuditDetail.blog_id.is_(None)
        yield sa.or_(is_theirs, is_of_none) if wanted.get("with_site") else is_theirs
    if since is not None:
        yield AuditLink.at >= since
    for name in ("actor_id", "subject_uid", "field"):
        if (value := wanted.get(name)) is not None:
            yield getattr(AuditDetail, name) == value
