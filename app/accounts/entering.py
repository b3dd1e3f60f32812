"""Signing in, by password or by a mailed link, and coming back after forgetting."""

import logging

from app.core.database import db, transaction
from app.core.errors import TooMany
from app.core.mail import enqueue
from app.core.privacy import record

from .addresses import email_or_none, fold
from .entries import Session
from .links import Purpose, issue_link, take_link, void_links
from .models import User
from .passwords import hash_password, is_outdated, is_password
from .places import Place
from .queries import known_device, open_account, user_called
from .sessions import Entry, begin_session, end_sessions, finish_log_in
from .throttling import clear_doors, doors_of, mail_door, try_doors

log = logging.getLogger(__name__)


def log_in(name: str, password: str, place: Place, *, stays: bool = False) -> Entry | None:
    """Sign in by username or address, and password; `None` when they do not belong together.

    Does the same work whether or not there is such an account, and whether or not it has
    a password. Raises `TooMany` while the account is tried too often.
    """
    user = user_called(name)
    device = known_device(user.id if user else None, place.device_token)
    # Read now: counting the try loads everything anew, which would tell that there is something.
    kept = user.password_hash if user else None
    doors = doors_of(
        str(user.uid) if user else fold(name.strip()),
        neighbourhood=place.neighbourhood,
        device=device.id if device else None,
    )
    account_id = user.id if user else None
    try_doors(doors)
    if not is_password(kept, password) or user is None or kept is None:
        log.info("sign-in refused", extra={"account": account_id})
        return None
    renewed = hash_password(password) if is_outdated(kept, password) else None
    with transaction():
        if not user.is_open or user.password_hash != kept:
            # Closed, or given another password, while this one was being computed.
            return None
        clear_doors(doors)
        if renewed:
            user.password_hash = renewed
        entry = begin_session(user, place, stays=stays)
        note_entry(user, entry, place)
    return entry


def send_log_in_link(name: str) -> None:
    """Mail a link that signs in, if there is such an account; the asker is not told which."""
    _send(name, Purpose.LOG_IN, "accounts/log_in")


def send_reset_link(name: str) -> None:
    """Mail a link that sets a new password, if there is such an account."""
    _send(name, Purpose.RESET, "accounts/reset")


def log_in_by_link(token: str, place: Place) -> Entry:
    """Sign in by a mailed link. Raises `LinkOver`; a second factor is still asked for."""
    with transaction():
        link = take_link(token, Purpose.LOG_IN)
        user = open_account(link.user_id or 0)
        entry = begin_session(user, place)
        note_entry(user, entry, place)
    return entry


def reset_password(token: str, password: str) -> None:
    """Set a new password by a mailed link and end every session. Signs nobody in.

    Raises `LinkOver`.
    """
    kept = hash_password(password)
    with transaction() as session:
        link = take_link(token, Purpose.RESET)
        user = open_account(link.user_id or 0)
        user.password_hash = kept
        end_sessions(user.id)
        void_links(user.id)
        record("password_changed", actor_id=user.id, subject_uid=user.uid, session=session)
        enqueue("accounts/password_changed", to=(user, "email"), username=user.username)


def complete_log_in(row: Session, place: Place) -> Entry:
    """Open a pending session: the second factor was right."""
    with transaction() as session:
        user = session.get_one(User, row.user_id)
        entry = finish_log_in(session.get_one(Session, row.id), place)
        note_entry(user, entry, place)
    return entry


def note_entry(user: User, entry: Entry, place: Place) -> None:
    """Record a finished sign-in, and tell the person when the browser is new. In a transaction."""
    if entry.is_pending:
        return
    record("signed_in", actor_id=user.id, subject_uid=user.uid, session=db.session())
    if entry.is_new_device:
        enqueue(
            "accounts/new_device", to=(user, "email"), username=user.username, device=place.device
        )


def _send(name: str, purpose: Purpose, template: str) -> None:
    """The same look-ups, one count, one link and one mail, whoever is asked for.

    An address without an account gets a mail that says so. Only a username that nobody
    has leads to no mail: usernames are public.
    """
    asked = user_called(name)
    try:
        try_doors([mail_door(str(asked.uid) if asked else fold(name.strip()))])
    except TooMany:
        return
    address = email_or_none(name)
    with transaction():
        # Again, as the account may have changed, and so that no row is loaded for some only.
        user = user_called(name)
        link = issue_link(purpose, user.id if user else None)
        if user is not None:
            enqueue(template, to=(user, "email"), username=user.username, link=link)
        elif address is not None:
            enqueue("accounts/nobody", to=address)
