"""Who else a ban would keep out: the authors known to have written from a place."""

from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import matches, near
from app.moderation import Scope, warning

from .kin import Kindred

#: More than these nobody counts.
MOST = 1_000


def authors_there(kindred: Kindred, blog_id: int, scope: Scope, value: str) -> int:
    """How many authors are known to have written on a blog from an address, or near it."""
    if scope is Scope.EMAIL:
        return 0
    address = getattr(kindred.table, _sealed(kindred.address))
    place = near if scope is Scope.NEIGHBOURHOOD else matches
    authors = _authors(kindred, blog_id).where(place(address, value))
    return db.session.scalar(sa.select(sa.func.count()).select_from(authors.subquery())) or 0


def ban_warnings(kindred: Kindred, item: Any) -> dict[str, str]:
    """A sentence for each ban that could be set from an item, on who is kept out by it.

    Kinds that rest on nothing known are left out.
    """
    from_there = {
        Scope.ADDRESS: kindred.address,
        Scope.NEIGHBOURHOOD: kindred.near,
    }
    counts = [
        sa.select(sa.func.count()).select_from(
            _authors(kindred, item.blog_id)
            .where(getattr(kindred.table, name) == getattr(item, name))
            .limit(MOST)
            .subquery()
        )
        for name in from_there.values()
    ]
    found = db.session.execute(sa.select(*(count.scalar_subquery() for count in counts))).one()
    authors = {Scope.EMAIL: 0} | dict(zip(from_there, found, strict=True))
    return {
        scope.value: warning(scope, number)
        for scope, number in authors.items()
        if getattr(item, _sealed(kindred.email if scope is Scope.EMAIL else kindred.address))
        is not None
    }


def _authors(kindred: Kindred, blog_id: int) -> Any:
    """Each author once: by email, or by name where there is none."""
    email, name = (getattr(kindred.table, column) for column in (kindred.email, kindred.name))
    by_name = sa.case((email.is_(None), name))
    return sa.select(email, by_name).where(kindred.table.blog_id == blog_id).distinct()


def _sealed(lookup: str) -> str:
    """The sealed column that a lookup stands beside."""
    return lookup.removesuffix("_lookup")
