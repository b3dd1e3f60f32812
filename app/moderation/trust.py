"""Trust: a proved address and an approved comment without links, and it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Missing, Unacceptable
from app.core.privacy import matches, open_for, record, reseal_into

from .links import count_links
from .models import Trust


@dataclass(frozen=True)
class Earned:
    """What trust rests on: an approved item, its text, and the row that holds the address."""

    row: Any
    blog_id: int
    name: str
    text: str
    is_proved: bool
    attribute: str = "author_email"

    @property
    def is_enough(self) -> bool:
        """Whether the address is proved and the text has no link."""
        return (
            self.is_proved
            and getattr(self.row, self.attribute) is not None
            and count_links(self.text) == 0
        )


def is_trusted(blog_id: int, email: str) -> bool:
    """Whether comments from this address, once it is proved, appear at once."""
    trusted = sa.select(Trust.id).where(
        Trust.blog_id == blog_id, matches(Trust.email, email), Trust.revoked_at.is_(None)
    )
    return db.session.scalar(trusted.limit(1)) is not None


def trust(earned: Earned, *, actor_id: int | None) -> Trust:
    """Trust the author of an approved item; trusting again only notes that they were seen.

    Raises `Unacceptable` unless the address is proved and the text has no link.
    """
    if not earned.is_enough:
        raise Unacceptable(
            "Trust needs an address that its owner has proved, and a comment without links."
        )
    with transaction() as session:
        fresh = Trust(
            blog_id=earned.blog_id,
            name=earned.name[:80],
            item_uid=earned.row.uid,
            created_by=actor_id,
        )
        reseal_into(earned.row, earned.attribute, fresh, "email", purpose="trust")
        known = session.scalar(
            sa.select(Trust).where(
                Trust.blog_id == earned.blog_id,
                Trust.email_lookup == fresh.email_lookup,
                Trust.revoked_at.is_(None),
            )
        )
        if known:
            known.seen_at = clock.now()
            return known
        session.add(fresh)
        session.flush()
        record(
            "trust.give",
            session,
            actor_id=actor_id,
            blog_id=earned.blog_id,
            subject_uid=earned.row.uid,
        )
    return fresh


def saw(blog_id: int, email: str, *, at: datetime | None = None) -> None:
    """Note that a trusted person wrote again; their trust lasts from then on."""
    with transaction() as session:
        session.execute(
            sa.update(Trust)
            .where(
                Trust.blog_id == blog_id, matches(Trust.email, email), Trust.revoked_at.is_(None)
            )
            .values(seen_at=at or clock.now())
            .execution_options(synchronize_session=False)
        )


def revoke_trust(trust_id: int, *, blogs: frozenset[int], actor_id: int) -> Trust:
    """Take trust back; doing so twice changes nothing. Raises `Missing` outside `blogs`."""
    with transaction() as session:
        found = trust_of(trust_id, blogs=blogs)
        if found.revoked_at is None:
            found.revoked_at, found.revoked_by = clock.now(), actor_id
            record(
                "trust.revoke",
                session,
                actor_id=actor_id,
                blog_id=found.blog_id,
                subject_uid=found.item_uid,
            )
    return found


def trust_of(trust_id: int, *, blogs: frozenset[int]) -> Trust:
    """One entry of the list; raises `Missing` when it is of another blog."""
    found = db.session.get(Trust, trust_id)
    if found is None or found.blog_id not in blogs:
        raise Missing
    return found


def authored_by(trusted: Trust, attribute: Any) -> sa.ColumnElement[bool]:
    """The condition that a sealed address of another table is the trusted person's.

    With it, what they wrote since some day can be put back into the queue.
    """
    return matches(attribute, open_for(trusted, "email", "match"))
