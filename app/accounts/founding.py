"""Accounts made by whoever has the console: the first owner, and those made by command.

No account comes with the product. Until there is an owner, each start prints a link
under which somebody at the console makes one.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import record
from app.core.web import absolute

from .links import LinkOver, Purpose, issue_link, take_link
from .models import Membership, Role, User
from .passwords import hash_password
from .places import Place
from .queries import IS_OPEN, blog_ids, is_taken, user_of_email
from .sessions import Entry, begin_session


class NotFree(ValueError):
    """The username or the address belongs to another account."""


@dataclass(frozen=True)
class Person:
    """Somebody to make an account for, whose address needs no proof."""

    username: str
    email: str
    password: str | None = None


def greeting() -> str | None:
    """What the console says at each start until the site has an owner: where to become it."""
    if has_owner():
        return None
    with transaction():
        link = issue_link(Purpose.FIRST_OWNER)
    return f"Nobody owns this site yet. Within 24 hours, become its owner at {absolute(link)}"


def has_owner() -> bool:
    """Whether somebody runs the site."""
    return db.session.scalar(sa.select(User.id).where(IS_OPEN, User.is_owner)) is not None


def make_first_owner(
    token: str, person: Person, place: Place, *, administers: bool
) -> Entry | None:
    """Make the first owner and sign them in; `None` when the username is not free.

    With `administers`, they are administrator of every blog too. Raises `LinkOver`, also
    when somebody was faster.
    """
    try:
        with transaction() as session:
            if is_taken(person.username):
                return None
            take_link(token, Purpose.FIRST_OWNER)
            if has_owner():
                raise LinkOver
            user = make_account(person)
            user.is_owner = True
            if administers:
                session.add_all(
                    Membership(user_id=user.id, blog_id=blog_id, role=Role.ADMINISTRATOR)
                    for blog_id in blog_ids()
                )
            record("owner_made", actor_id=user.id, subject_uid=user.uid, session=session)
            return begin_session(user, place)
    except sa.exc.IntegrityError:
        return None


def make_account(person: Person) -> User:
    """An account with a proved address. Raises `NotFree`."""
    kept = hash_password(person.password) if person.password else None
    try:
        with transaction() as session:
            if is_taken(person.username) or user_of_email(person.email) is not None:
                raise NotFree
            user = User(email_proved_at=clock.now(), password_hash=kept)
            user.rename(person.username)
            user.take_email(person.email)
            session.add(user)
            session.flush()
    except sa.exc.IntegrityError:
        raise NotFree from None
    return user
