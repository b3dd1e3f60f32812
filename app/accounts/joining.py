"""Becoming a member: ask with a username and an address, prove the address, be in."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction
from app.core.errors import TooMany
from app.core.mail import enqueue
from app.core.privacy import matches, open_for, record

from .addresses import fold
from .links import LinkOver, Purpose, issue_link, take_link
from .models import User
from .passwords import hash_password
from .places import Place
from .queries import is_taken, user_of_email
from .sessions import Entry, begin_session
from .throttling import mail_door, try_doors


def ask_for_account(username: str, email: str) -> bool:
    """Write to the address: a link that opens the account or, if it has one, that it has.

    What is written down and how long it takes does not depend on which of the two it is.
    `False` when the username is taken: usernames are public.
    """
    if is_taken(username):
        return False
    if not _may_be_written_to(email):
        return True
    try:
        with transaction() as session:
            is_known = user_of_email(email) is not None
            user = User(is_owner=False, created_at=clock.now())
            user.rename(username)
            user.take_email(email)
            session.add(user)
            session.flush()
            link = issue_link(Purpose.SIGN_UP, user.id)
            template = "accounts/already" if is_known else "accounts/welcome"
            enqueue(template, to=email, link="" if is_known else link)
    except sa.exc.IntegrityError:
        # Somebody asked for the name at the same moment.
        return False
    return True


def join(token: str, password: str | None, place: Place) -> Entry:
    """Open the account of a mailed link and sign its person in. Raises `LinkOver`."""
    kept = hash_password(password) if password else None
    try:
        with transaction() as session:
            link = take_link(token, Purpose.SIGN_UP)
            user = session.get_one(User, link.user_id)
            email = open_for(user, "email", "mail")
            if user_of_email(email) is not None:
                raise LinkOver
            user.email_proved_at = clock.now()
            user.password_hash = kept
            session.execute(
                sa.delete(User).where(
                    User.email_proved_at.is_(None), User.id != user.id, matches(User.email, email)
                )
            )
            record("joined", actor_id=user.id, subject_uid=user.uid, session=session)
            return begin_session(user, place)
    except sa.exc.IntegrityError:
        # Another account proved the same address at the same moment.
        raise LinkOver from None


def _may_be_written_to(email: str) -> bool:
    """Whether the address has not been written to too often; whoever asks is not told."""
    try:
        try_doors([mail_door(fold(email))])
    except TooMany:
        return False
    return True
