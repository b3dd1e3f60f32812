"""When somebody is erased: a ban that runs outlasts them as a keyed hash, until its own end."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction
from app.core.privacy import Erasure, batches

from .models import Ban


def erase_bans(erasure: Erasure) -> None:
    """The eraser of bans: the address goes, and what recognises it stays while the ban runs."""
    running: list[Ban] = []
    for some in batches(erasure.ids("bans")):
        query = sa.select(Ban).where(Ban.id.in_(some), Ban.lifted_at.is_(None))
        running += erasure.session.scalars(query.where(Ban.ends_at > erasure.at)).all()
    for ban in running:
        # By the statement alone: an attribute that is emptied takes its hashes along.
        erasure.session.execute(
            sa.update(Ban)
            .where(Ban.id == ban.id)
            .values(email=None, ip=None, item_uid=None)
            .execution_options(synchronize_session=False)
        )
        why = "it was set against abuse, and runs as long as it would have"
        erasure.keep("a keyed hash in a ban", why, ban.ends_at)
    erasure.settle("bans", [ban.id for ban in running])


def drop_bare_bans() -> int:
    """Delete bans that are over and of which only the hash was left; how many."""
    is_bare = sa.and_(Ban.email.is_(None), Ban.ip.is_(None))
    is_over = sa.or_(Ban.ends_at <= clock.now(), Ban.lifted_at.is_not(None))
    with transaction() as session:
        done = session.execute(sa.delete(Ban).where(is_bare, is_over))
    return done.rowcount  # type: ignore[attr-defined]
