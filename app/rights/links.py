"""Mailed links: made for one thing, looked at as often as one likes, used once."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db
from app.core.errors import Gone
from app.core.privacy import lookups_of, open_for, seal
from app.core.tokens import hash_of, new_token

from .models import LINK_LIFE, RightsLink
from .wishes import Wish

HOME = "/privacy/my-data/"


class LinkOver(Gone):
    """A link that was used, has been replaced, is too old, or never was one."""

    title = "This link no longer works"
    message = "It was used already, replaced by a newer one, or is older than a day."
    advice = f"Ask for a new one at {HOME}; it takes a minute."


def issue_link(session: Session, email: str, wish: Wish) -> str:
    """The path of a new link; older ones for the same person and thing are void."""
    at, token = clock.now(), new_token()
    known = RightsLink.email_lookup.in_(lookups_of(RightsLink.email, email))
    session.execute(sa.delete(RightsLink).where(known, RightsLink.wish == wish))
    session.add(
        RightsLink(
            token_hash=token.hash,
            wish=wish,
            email=seal(email),
            created_at=at,
            expires_at=at + LINK_LIFE,
        )
    )
    return f"{HOME}{token.text}/"


def find_link(token: str) -> RightsLink:
    """A link that can still be used, without using it. Raises `LinkOver`."""
    mailed = RightsLink.token_hash == hash_of(token)
    found = db.session.scalar(
        sa.select(RightsLink).where(mailed, RightsLink.expires_at > clock.now())
    )
    if found is None:
        raise LinkOver
    return found


def take_link(session: Session, token: str, wish: Wish) -> str:
    """Use a link up for the thing it is for; the email it was mailed to.

    Of two who try at once, one gets `LinkOver`; so does who wants another thing.
    """
    found = find_link(token)
    if found.wish is not wish:
        raise LinkOver
    email = email_of(found)
    taken: Any = session.execute(
        sa.delete(RightsLink)
        .where(RightsLink.id == found.id)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise LinkOver
    session.expunge(found)
    return email


def email_of(link: RightsLink) -> str:
    """The address a link was mailed to."""
    return open_for(link, "email", "answer")
