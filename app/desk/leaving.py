"""When somebody closes their account: what they chose at the desk goes with it."""

import sqlalchemy as sa

from app.core.database import transaction

from .digests import DigestStop
from .keys import ModeratorKeys


def forget_choices(_sender: object, *, user_id: int, **_facts: object) -> None:
    """Forget a person's keys and the digests they wanted no more; twice changes nothing."""
    with transaction() as session:
        for kept in (ModeratorKeys, DigestStop):
            session.execute(sa.delete(kept).where(kept.user_id == user_id))
