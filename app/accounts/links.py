"""One-time links: made for one thing, mailed, looked at as often as one likes, used once."""

import enum
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.errors import Gone
from app.core.tokens import hash_of, new_token

from .entries import Link


class Purpose(enum.StrEnum):
    """The one thing a link does."""

    SIGN_UP = "sign_up"
    LOG_IN = "log_in"
    RESET = "reset"
    EMAIL = "email"
    FIRST_OWNER = "first_owner"


#: How long each kind of link can be used.
LIFE = {
    Purpose.SIGN_UP: timedelta(hours=24),
    Purpose.LOG_IN: timedelta(minutes=30),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.EMAIL: timedelta(hours=24),
    Purpose.FIRST_OWNER: timedelta(hours=24),
}


class LinkOver(Gone):
    """A link that was used, has been replaced, is too old, or never was one."""

    title = "This link no longer works"
    message = "It was used already, replaced by a newer one, or is too old."
    advice = "Ask for a new one; it takes a minute."


def issue_link(purpose: Purpose, user_id: int | None = None, **facts: Any) -> str:
    """The path of a new link; older ones for the same thing are void. Inside a transaction."""
    at, token = clock.now(), new_token()
    db.session.execute(
        sa.delete(Link).where(
            Link.purpose == purpose,
            Link.user_id.is_(None) if user_id is None else Link.user_id == user_id,
        )
    )
    db.session.add(
        Link(
            token_hash=token.hash,
            purpose=purpose,
            user_id=user_id,
            facts=facts,
            created_at=at,
            expires_at=at + LIFE[purpose],
        )
    )
    is_first = purpose is Purpose.FIRST_OWNER
    return f"/account/{'first-owner' if is_first else 'link'}/{token.text}/"


def find_link(token: str, *purposes: Purpose) -> Link:
    """A link that can still be used, without using it. Raises `LinkOver`."""
    found = db.session.scalar(
        sa.select(Link).where(
            Link.token_hash == hash_of(token),
            Link.used_at.is_(None),
            Link.expires_at > clock.now(),
        )
    )
    if found is None or (purposes and found.purpose not in purposes):
        raise LinkOver
    return found


def take_link(token: str, *purposes: Purpose) -> Link:
    """Use a link up. Inside a transaction; of two who try at once, one gets `LinkOver`."""
    found = find_link(token, *purposes)
    taken: Any = db.session.execute(
        sa.update(Link)
        .where(Link.id == found.id, Link.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise LinkOver
    return found


def void_links(user_id: int) -> None:
    """Make every link of an account useless. Inside a transaction."""
    db.session.execute(sa.delete(Link).where(Link.user_id == user_id))
