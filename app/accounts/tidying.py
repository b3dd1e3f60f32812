"""What is cleared away by itself."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction

from .entries import Link, Session, Throttle
from .factors import Challenge
from .links import LIFE, Purpose
from .models import User


def tidy() -> None:
    """Remove what is over: sessions, links, challenges, counts, and accounts nobody opened.

    Addresses of sign-ins and unproved new addresses go by their own declarations.
    """
    at = clock.now()
    with transaction() as session:
        session.execute(sa.delete(Session).where(Session.expires_at < at))
        session.execute(sa.delete(Link).where(Link.expires_at < at))
        session.execute(sa.delete(Throttle).where(Throttle.forgotten_at < at))
        session.execute(sa.delete(Challenge).where(Challenge.expires_at < at))
        session.execute(
            sa.delete(User).where(
                User.email_proved_at.is_(None), User.created_at < at - LIFE[Purpose.SIGN_UP]
            )
        )
