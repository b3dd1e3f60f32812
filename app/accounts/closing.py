"""The end of an account: at once, and without leaving the site to nobody."""

import sqlalchemy as sa
from sqlalchemy.orm import Session as Database

from app.core import clock
from app.core.database import transaction
from app.core.mail import enqueue
from app.core.privacy import Erasure, note_erasure, record

from .entries import Session
from .factors import KnownDevice, Passkey, RecoveryCode, Totp
from .links import void_links
from .models import Acceptance, Membership, User
from .queries import open_account
from .roles import refuse_last_owner
from .signals import account_closed

#: What a closed account is called, with its number.
CLOSED = "closed-"


def close_account(user_id: int, *, forgets_name: bool, is_unused: bool = False) -> None:
    """End an account: sessions, roles, factors and address go at once.

    What the person wrote stays under the name it was signed with, unless `forgets_name`.
    With `is_unused` nobody asked: its person was told and did not sign in.
    Whoever promised confidentiality stays known by name to the audit log. Raises `LastOwner`.
    """
    with transaction() as session:
        user = open_account(user_id)
        refuse_last_owner(user)
        enqueue("accounts/closed", to=(user, "email"), username=user.username, is_unused=is_unused)
        note_erasure(session, user, forgets_name=forgets_name)
        _end(session, user, actor_id=None if is_unused else user.id)
    account_closed.send(None, user_id=user_id, forgets_name=forgets_name)


def erase_account(erasure: Erasure) -> None:
    """The eraser of accounts: one whose person wants everything gone is closed.

    With only the address to go, an account stays: it is nothing without one. What was asked
    for and never proved goes either way. Raises `LastOwner`.
    """
    numbers = set(erasure.ids("users"))
    if erasure.is_everything and erasure.person.account_id:
        numbers.add(erasure.person.account_id)
    numbers = {number for number in numbers if ("users", number) not in erasure.settled}
    for user in erasure.session.scalars(sa.select(User).where(User.id.in_(numbers))).all():
        if user.closed_at is not None:
            erasure.settle("users", [user.id], is_changed=False)
        elif user.email_proved_at is None:
            erasure.session.delete(user)
            erasure.settle("users", [user.id])
        elif erasure.is_everything:
            _close_again(erasure, user)
            erasure.settle("users", [user.id])
        else:
            erasure.keep("your account", "it is yours until you close it", "you close it")
            erasure.settle("users", [user.id], is_changed=False)


def _close_again(erasure: Erasure, user: User) -> None:
    """Close an account as a part of an erasure, which writes the mail and the ledger itself."""
    if not erasure.is_repeated:
        refuse_last_owner(user)
    _end(erasure.session, user, actor_id=user.id)
    forgets_name = bool(erasure.facts.get("forgets_name", True))
    account_closed.send(None, user_id=user.id, forgets_name=forgets_name)
    if not user.username.startswith(CLOSED):
        why = "looks on record were taken under the promise you signed"
        erasure.keep("your username", why, "the last look of yours is forgotten")


def _end(session: Database, user: User, *, actor_id: int | None) -> None:
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
        user.rename(f"{CLOSED}{user.id}")
    record("account_closed", actor_id=actor_id, subject_uid=user.uid, session=session)
    session.flush()
