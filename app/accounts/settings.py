"""What people change about their own account."""

import sqlalchemy as sa

from app.core.database import transaction
from app.core.errors import TooMany
from app.core.mail import enqueue
from app.core.privacy import open_for, record

from .addresses import fold
from .links import LinkOver, Purpose, issue_link, take_link, void_links
from .passwords import hash_password, is_password
from .places import Place
from .queries import is_taken, known_device, open_account, user_of_email
from .sessions import end_sessions
from .throttling import clear_doors, doors_of, mail_door, try_doors


def rename_account(user_id: int, username: str) -> bool:
    """Give an account another username; `False` when somebody else has it."""
    try:
        with transaction() as session:
            user = open_account(user_id)
            if fold(username) != user.username_folded and is_taken(username):
                return False
            if username != user.username:
                user.rename(username)
                record("renamed", actor_id=user.id, subject_uid=user.uid, session=session)
    except sa.exc.IntegrityError:
        return False
    return True


def is_their_password(user_id: int, password: str, place: Place) -> bool:
    """Whether a signed-in person typed their own password. Raises `TooMany`, as at the door."""
    user = open_account(user_id)
    device = known_device(user.id, place.device_token)
    doors = doors_of(
        str(user.uid), neighbourhood=place.neighbourhood, device=device.id if device else None
    )
    try_doors(doors)
    if not is_password(user.password_hash, password):
        return False
    with transaction():
        clear_doors(doors)
    return True


def set_password(user_id: int, password: str, *, session_id: int) -> None:
    """Set a password, end every other session, and tell the person by mail."""
    kept = hash_password(password)
    with transaction() as session:
        user = open_account(user_id)
        user.password_hash = kept
        end_sessions(user.id, but=session_id)
        void_links(user.id)
        record("password_changed", actor_id=user.id, subject_uid=user.uid, session=session)
        enqueue("accounts/password_changed", to=(user, "email"), username=user.username)


def ask_new_email(user_id: int, email: str) -> None:
    """Write to a new address; the account has it once the mailed link was used.

    An address that another account has gets a mail too, and the asker is not told.
    """
    try:
        try_doors([mail_door(fold(email))])
    except TooMany:
        return
    with transaction():
        user = open_account(user_id)
        user.ask_email(email)
        link = issue_link(Purpose.EMAIL, user.id)
        is_free = user_of_email(email) is None
        template = "accounts/new_email" if is_free else "accounts/already"
        enqueue(template, to=email, link=link if is_free else "")


def prove_new_email(token: str) -> None:
    """Make the new address that of the account, and tell the old one. Raises `LinkOver`."""
    try:
        with transaction() as session:
            link = take_link(token, Purpose.EMAIL)
            user = open_account(link.user_id or 0)
            if user.new_email is None:
                raise LinkOver
            email = open_for(user, "new_email", "mail")
            if user_of_email(email) is not None:
                raise LinkOver
            # The old address is told first, and not which one comes after it.
            enqueue("accounts/email_changed", to=(user, "email"), username=user.username)
            user.take_email(email)
            # What was mailed to the old address opens nothing any more.
            void_links(user.id)
            record("email_changed", actor_id=user.id, subject_uid=user.uid, session=session)
    except sa.exc.IntegrityError:
        raise LinkOver from None
