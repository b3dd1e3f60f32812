"""What is cleared away by itself."""

from datetime import timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction

from .entries import Link, Session, Throttle
from .factors import Challenge, KnownDevice
from .links import LIFE, Purpose
from .models import User

#: A known device is forgotten when its cookie is.
LONGEST_UNSEEN = timedelta(days=180)


def tidy() -> None:
    """Remove what is over: sessions, links, counts, devices, and accounts nobody opened.

    Addresses of sign-ins and unproved new addresses go by their own declarations.
    """
    at = clock.now()
    with transaction() as session:
        session.execute(sa.delete(Session).where(Session.expires_at < at))
        session.execute(sa.delete(Link).where(Link.expires_at < at))
        session.execute(sa.delete(KnownDevice).where(KnownDevice.used_at < at - LONGEST_UNSEEN))
        session.execute(sa.delete(Throttle).where(Throttle.forgotten_at < at))
        session.execute(sa.delete(Challenge).where(Challenge.expires_at < at))
        session.execute(
            sa.delete(User).where(
                User.email_proved_at.is_(None), User.created_at < at - LIFE[Purpose.SIGN_UP]
            )
        )
