"""What is on record about an item: decisions, and who saw what is sealed in it."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from app.moderation import Decision


def looks_at(item_uid: uuid.UUID) -> list[Any]:
    """Who saw a sealed value of an item: number, time, account, field and reason."""
    query = (
        sa.select(AuditLink.id, AuditLink.at, AuditDetail.actor_id)
        .add_columns(AuditDetail.field, AuditDetail.reason)
        .join(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(AuditLink.kind == "look", AuditDetail.subject_uid == item_uid)
        .order_by(AuditLink.id.desc())
        .limit(50)
    )
    return list(db.session.execute(query))


def looks_since(actor_id: int, since: datetime) -> int:
    """How often somebody looked at sealed values since a moment, on all blogs."""
    query = (
        sa.select(sa.func.count())
        .select_from(AuditDetail)
        .join(AuditLink, AuditLink.id == AuditDetail.id)
        .where(AuditDetail.actor_id == actor_id, AuditLink.kind == "look", AuditLink.at > since)
    )
    return db.session.scalar(query) or 0


def batch_of(
    name: uuid.UUID, actor_id: int, since: datetime, *, item_id: Any, called: Any
) -> Any | None:
    """What somebody did in one act since a moment: how many, when, what, and one item's name.

    `item_id` and `called` are the columns of the items' number and of what they are called.
    """
    query = (
        sa.select(
            sa.func.count(Decision.id).label("moves"),
            sa.func.min(Decision.created_at).label("at"),
            sa.func.min(Decision.before["act"].as_string()).label("act"),
            sa.func.min(called).label("name"),
        )
        .join(item_id.class_, item_id == Decision.item_id)
        .where(Decision.batch == name, Decision.actor_id == actor_id)
        .where(Decision.undone_at.is_(None), Decision.created_at > since)
    )
    row = db.session.execute(query).one()
    return row if row.moves else None


def decisions_on(item_uid: uuid.UUID) -> list[Any]:
    """What was decided about an item, the newest first."""
    query = sa.select(Decision).where(Decision.item_uid == item_uid).order_by(Decision.id.desc())
    return list(db.session.scalars(query.limit(50)))
