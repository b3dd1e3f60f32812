"""Who may do what: giving roles and taking them away, always on record."""

import sqlalchemy as sa

from app.core.database import db, transaction
from app.core.errors import Conflict
from app.core.mail import enqueue
from app.core.privacy import record

from .models import Membership, Role, User
from .queries import IS_OPEN, open_account


class LastOwner(Conflict):
    """The site would belong to nobody."""

    title = "The site needs an owner"
    message = "This is the only owner of the site, so this cannot be done."
    advice = "Make somebody else owner first."


def grant(user_id: int, blog_id: int, role: Role, *, by: int | None) -> None:
    """Give a person a role on a blog in place of the one they have there.

    `by` is who did it; `None` is an operator at the command line.
    """
    with transaction() as session:
        user = open_account(user_id)
        found = _membership(user_id, blog_id)
        if found is not None and found.role is role:
            return
        if found is None:
            session.add(Membership(user_id=user_id, blog_id=blog_id, role=role))
        else:
            found.role = role
        record(
            "role_granted",
            actor_id=by,
            blog_id=blog_id,
            subject_uid=user.uid,
            facts={"role": role.value},
            session=session,
        )


def revoke(user_id: int, blog_id: int, *, by: int | None) -> None:
    """Take a person's role on a blog away; it is over at their next request."""
    with transaction() as session:
        found = _membership(user_id, blog_id)
        if found is None:
            return
        user = session.get_one(User, user_id)
        record(
            "role_revoked",
            actor_id=by,
            blog_id=blog_id,
            subject_uid=user.uid,
            facts={"role": found.role.value},
            session=session,
        )
        session.delete(found)


def make_owner(user_id: int, *, by: int | None) -> None:
    """Let a person run the site, and tell the owners there are."""
    with transaction() as session:
        user = open_account(user_id)
        if user.is_owner:
            return
        for owner in session.scalars(sa.select(User).where(IS_OPEN, User.is_owner)):
            enqueue("accounts/new_owner", to=(owner, "email"), username=user.username)
        user.is_owner = True
        record("owner_made", actor_id=by, subject_uid=user.uid, session=session)


def unmake_owner(user_id: int, *, by: int | None) -> None:
    """Take the site out of a person's hands. Raises `LastOwner`."""
    with transaction() as session:
        user = open_account(user_id)
        if not user.is_owner:
            return
        refuse_last_owner(user)
        user.is_owner = False
        record("owner_unmade", actor_id=by, subject_uid=user.uid, session=session)


def refuse_last_owner(user: User) -> None:
    """Raise `LastOwner` when the site has no other owner. Inside a transaction.

    The rows are locked, so that of two owners who go at once one stays.
    """
    owners = sa.select(User.id).where(IS_OPEN, User.is_owner).order_by(User.id).with_for_update()
    if user.is_owner and list(db.session.scalars(owners)) == [user.id]:
        raise LastOwner


def _membership(user_id: int, blog_id: int) -> Membership | None:
    return db.session.scalar(
        sa.select(Membership).where(Membership.user_id == user_id, Membership.blog_id == blog_id)
    )
