"""The end of an account: at once, and without leaving the site to nobody."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction
from app.core.mail import enqueue
from app.core.privacy import record

from .entries import Session
from .factors import KnownDevice, Passkey, RecoveryCode, Totp
from .links import void_links
from .models import Acceptance, Membership
from .queries import open_account
from .roles import refuse_last_owner
from .signals import account_closed


def close_account(user_id: int, *, forgets_name: bool) -> None:
    """End an account: sessions, roles, factors and address go at once.

    What the person wrote stays under the name it was signed with, unless `forgets_name`.
    Whoever promised confidentiality stays known by name to the audit log. Raises `LastOwner`.
    """
    with transaction() as session:
        user = open_account(user_id)
        refuse_last_owner(user)
        enqueue("accounts/closed", to=(user, "email"), username=user.username)
        for kept in (Session, Membership, Totp, RecoveryCode, Passkey, KnownDevice):
            session.execute(sa.delete(kept).where(kept.user_id == user.id))
        void_links(user.id)
        user.closed_at = clock.now()
        user.is_owner = False
        user.password_hash = None
        user.email = None
        user.new_email = None
        promised = session.scalar(sa.select(Acceptance.id).where(Acceptance.user_id == user.id))
        if promised is None:
            user.rename(f"closed-{user.id}")
        record("account_closed", actor_id=user.id, subject_uid=user.uid, session=session)
    account_closed.send(None, user_id=user_id, forgets_name=forgets_name)
