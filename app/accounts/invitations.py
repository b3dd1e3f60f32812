"""Invitations: a role on one blog, offered to an address by mail, taken once within a week.

Whoever reads that mailbox may take it, nobody else: the role goes to the account with
that address, or to a new one. Inviting tells nobody whether the address has an account.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Gone, Missing
from app.core.mail import enqueue
from app.core.privacy import Viewer, masked, matches, open_for, record, reseal_into, seal
from app.core.tokens import hash_of, new_token

from . import roles
from .entering import note_entry
from .models import INVITATION_LIFE, Invitation, Membership, Role, User
from .passwords import hash_password
from .people import rank, roles_to_give
from .places import Place
from .queries import is_taken, user_of_email, viewer_for
from .sessions import Entry, begin_session
from .staff import BlogName, blog_name, managed_blog
from .throttling import mail_door, try_doors


class InvitationOver(Gone):
    """An invitation that was taken, withdrawn, is too old, or lost the one who could give it."""

    title = "This invitation no longer works"
    message = "It was taken already, was withdrawn, or is older than a week."
    advice = "Ask the person who invited you for a new one."


@dataclass(frozen=True)
class Offer:
    """What an invitation says to the one who opened it."""

    invitation: Invitation
    blog: BlogName
    #: Username of who invited.
    inviter: str
    #: The account with the invited address; `None`: one is to be made.
    account: User | None


@dataclass(frozen=True)
class Waiting:
    """An invitation nobody took yet."""

    id: int
    email: str
    blog: BlogName
    invitation: Invitation


def invite(viewer: Viewer, email: str, blog_id: int, role: Role) -> None:
    """Mail an invitation; an earlier one for the same blog and address is void.

    Raises `Missing` for a role the viewer may not give, and `TooMany` for an address that
    was written to too often.
    """
    blog = managed_blog(viewer, blog_id)
    if role not in roles_to_give(viewer, blog.id):
        raise Missing
    try_doors([mail_door(f"invitation:{email.casefold()}")])
    token, at = new_token(), clock.now()
    with transaction() as session:
        session.execute(
            sa.delete(Invitation).where(
                Invitation.blog_id == blog.id,
                Invitation.used_at.is_(None),
                matches(Invitation.email, email),
            )
        )
        invitation = Invitation(
            token_hash=token.hash,
            blog_id=blog.id,
            role=role,
            email=seal(email),
            invited_by=viewer.id,
            created_at=at,
            expires_at=at + INVITATION_LIFE,
        )
        session.add(invitation)
        session.flush()
        _record("invited", invitation, by=viewer.id)
        enqueue(
            "accounts/invitation",
            to=(invitation, "email"),
            blog=blog.title,
            role=role.value,
            inviter=viewer.username,
            link_to=f"/account/invitation/{token.text}/",
        )


def waiting_invitations(viewer: Viewer, managed: list[BlogName]) -> list[Waiting]:
    """The invitations to these blogs that can still be taken, newest first."""
    blogs = {blog.id: blog for blog in managed}
    found: Sequence[Invitation] = db.session.scalars(
        sa.select(Invitation)
        .where(_can_be_taken(), Invitation.blog_id.in_(blogs))
        .order_by(Invitation.id.desc())
    ).all()
    return [
        Waiting(row.id, masked(row, "email"), blogs[row.blog_id], row)
        for row in found
        if row.role in roles_to_give(viewer, row.blog_id)
    ]


def withdraw_invitation(viewer: Viewer, invitation_id: int) -> None:
    """Make an invitation useless; doing it twice changes nothing. Raises `Missing`."""
    with transaction() as session:
        row = session.get(Invitation, invitation_id)
        if row is None or row.role not in roles_to_give(viewer, row.blog_id):
            raise Missing
        managed_blog(viewer, row.blog_id)
        if row.used_at is None:
            _record("invitation_withdrawn", row, by=viewer.id)
            session.delete(row)


def find_offer(token: str) -> Offer:
    """What a mailed link offers, without taking it. Raises `InvitationOver`."""
    row = db.session.scalar(
        sa.select(Invitation).where(Invitation.token_hash == hash_of(token), _can_be_taken())
    )
    if row is None or row.email is None:
        raise InvitationOver
    inviter = db.session.get(User, row.invited_by) if row.invited_by else None
    if inviter is None or not _may_still_give(inviter, row):
        raise InvitationOver
    account = user_of_email(open_for(row, "email", "mail"))
    return Offer(row, blog_name(row.blog_id), inviter.username, account)


def take_offer(token: str) -> None:
    """Give the role to the account with the invited address.

    A higher role that the person has already stays. Raises `InvitationOver`; of two who
    take it at once, one gets that.
    """
    with transaction():
        offer = find_offer(token)
        if offer.account is None:
            raise InvitationOver
        _use_up(offer.invitation)
        _give(offer.account, offer.invitation)


def join(token: str, username: str, password: str | None, place: Place) -> Entry | None:
    """Open an account for the invited address, with its role, and sign its person in.

    `None`, and nothing done, when the username is taken. Raises `InvitationOver`.
    """
    kept = hash_password(password) if password else None
    try:
        with transaction():
            offer = find_offer(token)
            if offer.account is not None:
                raise InvitationOver
            if is_taken(username):
                return None
            _use_up(offer.invitation)
            user = _new_account(offer.invitation, username, kept)
            _give(user, offer.invitation)
            entry = begin_session(user, place)
            note_entry(user, entry, place)
            return entry
    except sa.exc.IntegrityError:
        # Somebody took the name at the same moment; else the address is a disabled account's.
        if is_taken(username):
            return None
        raise InvitationOver from None


def _may_still_give(inviter: User, row: Invitation) -> bool:
    """Whether who invited could do so today: what they had to give ended with their role."""
    return inviter.is_open and row.role in roles_to_give(viewer_for(inviter), row.blog_id)


def _can_be_taken() -> sa.ColumnElement[bool]:
    return sa.and_(Invitation.used_at.is_(None), Invitation.expires_at > clock.now())


def _use_up(row: Invitation) -> None:
    taken = db.session.scalars(
        sa.update(Invitation)
        .where(Invitation.id == row.id, Invitation.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        raise InvitationOver


def _new_account(row: Invitation, username: str, password_hash: str | None) -> User:
    with transaction() as session:
        user = User(is_owner=False, email_proved_at=clock.now(), password_hash=password_hash)
        user.rename(username)
        reseal_into(row, "email", user, "email", purpose="mail")
        session.add(user)
        session.flush()
        record("joined", session, actor_id=user.id, subject_uid=user.uid)
    return user


def _give(user: User, row: Invitation) -> None:
    with transaction() as session:
        has = session.scalar(
            sa.select(Membership.role).where(
                Membership.user_id == user.id, Membership.blog_id == row.blog_id
            )
        )
        _record("invitation_taken", row, by=user.id)
        if rank(has) < rank(row.role):
            roles.grant(user.id, row.blog_id, row.role, by=row.invited_by)


def _record(kind: str, row: Invitation, *, by: int) -> None:
    with transaction() as session:
        record(
            kind,
            session,
            actor_id=by,
            blog_id=row.blog_id,
            subject_uid=row.uid,
            facts={"role": row.role.value},
        )
