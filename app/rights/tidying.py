"""What is forgotten by itself about those who asked."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction
from app.core.mail import forget_recipients

from .models import AddressCount, RightsLink


def tidy() -> None:
    """Forget links and counts that are over, and to whom our answers went."""
    at = clock.now()
    with transaction() as session:
        session.execute(sa.delete(RightsLink).where(RightsLink.expires_at <= at))
        is_loud = sa.or_(AddressCount.quiet_until.is_(None), AddressCount.quiet_until <= at)
        session.execute(sa.delete(AddressCount).where(AddressCount.until <= at, is_loud))
        forget_recipients("rights")
