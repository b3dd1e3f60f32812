"""Bans: open, for a while, for one blog, and kept by one gate."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Forbidden, Missing, Unacceptable
from app.core.privacy import Unreadable, matches, near, open_for, record, reseal_into, seal

from .models import Ban, Scope

LASTS = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "longest": timedelta(days=365),
}
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}")
_KEPT_OUT = {
    Scope.EMAIL: "this email address",
    Scope.ADDRESS: "this address on the internet",
    Scope.NEIGHBOURHOOD: "this part of the internet",
}


class Banned(Forbidden):
    """Somebody who may not take part for now; says so, why, and until when."""

    title = "You cannot take part just now"
    advice = "What you wrote is below, so that you can keep it. If this is a mistake, write to us."

    def __init__(self, ban: Ban) -> None:
        until = f"{ban.ends_at:%-d %B %Y}"
        why = f" The reason given: {ban.reason.rstrip('.')}." if ban.reason else ""
        super().__init__(
            f"The moderators here have paused what comes from {_KEPT_OUT[ban.scope]}"
            f" until {until}.{why}"
        )
        self.ban = ban


@dataclass(frozen=True)
class BanDraft:
    """A ban as somebody asked for it. `lasts` is a word of `LASTS`."""

    blog_id: int
    scope: Scope
    reason: str
    lasts: str = "month"


def is_banned(
    blog_id: int, email: str | None, ip: str | None, *, at: datetime | None = None
) -> Ban | None:
    """The ban that keeps somebody out of a blog, the one that lasts longest; or `None`."""
    met = []
    if email:
        met.append(sa.and_(Ban.scope == Scope.EMAIL, matches(Ban.email, email)))
    if ip:
        met.append(sa.and_(Ban.scope == Scope.ADDRESS, matches(Ban.ip, ip)))
        met.append(sa.and_(Ban.scope == Scope.NEIGHBOURHOOD, near(Ban.ip, ip)))
    if not met:
        return None
    running = sa.select(Ban).where(
        Ban.blog_id == blog_id,
        Ban.lifted_at.is_(None),
        Ban.ends_at > (at or clock.now()),
        sa.or_(*met),
    )
    return db.session.scalar(running.order_by(Ban.ends_at.desc()).limit(1))


def may_take_part(
    blog_id: int, email: str | None, ip: str | None, *, at: datetime | None = None
) -> None:
    """The one gate of everything that visitors do in a blog: post, edit, report.

    Raises `Banned`, which is shown with what they wrote.
    """
    ban = is_banned(blog_id, email, ip, at=at)
    if ban:
        raise Banned(ban)


def refuse_banned(ban_id: int | None) -> None:
    """The same gate where the ban was found with other facts. Raises `Banned`."""
    if ban_id is not None:
        raise Banned(db.session.get_one(Ban, ban_id))


def may_author_take_part(
    row: Any, ip: str | None, *, attribute: str = "author_email", at: datetime | None = None
) -> None:
    """The same gate for the author of an item, whose address is sealed in its row.

    It is compared inside and leaves nothing behind. Raises `Banned`.
    """
    email = None
    if getattr(row, attribute) is not None:
        # A key that is gone keeps nobody in or out.
        with suppress(Unreadable):
            email = open_for(row, attribute, "ban")
    may_take_part(row.blog_id, email, ip, at=at)


def ban(draft: BanDraft, value: str, *, actor_id: int) -> Ban:
    """Keep a typed email or address out. Raises `Unacceptable` when it is neither."""
    made = _made(draft, actor_id)
    is_right = is_email if draft.scope is Scope.EMAIL else is_address
    if not is_right(value.strip()):
        raise Unacceptable("That is neither an email nor an address such as 203.0.113.7.")
    setattr(made, _attribute(draft.scope), seal(value.strip()))
    return _kept(made, actor_id)


def ban_author(draft: BanDraft, row: Any, attribute: str, *, actor_id: int) -> Ban:
    """Keep the author of an item out, by what is sealed in its row; nobody needs to see it.

    Raises `Unacceptable` when the row no longer has it.
    """
    if getattr(row, attribute) is None:
        raise Unacceptable("That is not known any more: the time for keeping it is over.")
    made = _made(draft, actor_id)
    made.item_uid = row.uid
    reseal_into(row, attribute, made, _attribute(draft.scope), purpose="ban")
    return _kept(made, actor_id)


def lift_ban(ban_id: int, *, blogs: frozenset[int], actor_id: int) -> Ban:
    """End a ban now; lifting it twice changes nothing. Raises `Missing` outside `blogs`."""
    with transaction() as session:
        found = session.get(Ban, ban_id)
        if found is None or found.blog_id not in blogs:
            raise Missing
        if found.lifted_at is None:
            found.lifted_at, found.lifted_by = clock.now(), actor_id
            record("ban.lift", session, actor_id=actor_id, blog_id=found.blog_id)
    return found


def is_email(value: str) -> bool:
    """Whether a text has the shape of an email address."""
    return _EMAIL.fullmatch(value) is not None


def is_address(value: str) -> bool:
    """Whether a text is an address of the internet."""
    try:
        ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def warning(scope: Scope, authors: int) -> str:
    """Who a ban may hit, in a sentence. So many `authors` are known to have written from there."""
    if scope is Scope.EMAIL:
        return "It keeps out whoever writes with this email, and nobody else."
    place = "address" if scope is Scope.ADDRESS else "neighbourhood of addresses"
    known = {
        0: f"Nobody is known to have written from this {place} here.",
        1: f"One author is known to have written from this {place} here, and is kept out.",
        2: f"Both authors known to have written from this {place} here are kept out.",
    }
    many = f"All {authors:,} authors known to have written from this {place} here are kept out."
    return f"{known.get(authors, many)} Homes, offices and phone networks share addresses."


def _made(draft: BanDraft, actor_id: int) -> Ban:
    lasts = LASTS.get(draft.lasts)
    if lasts is None:
        raise Unacceptable("Choose how long the ban lasts.")
    if draft.scope is not Scope.EMAIL:
        lasts = min(lasts, timedelta(days=current_app.config["KEEP_COMMENT_IP_DAYS"]))
    return Ban(
        blog_id=draft.blog_id,
        scope=draft.scope,
        reason=draft.reason.strip()[:300],
        created_by=actor_id,
        ends_at=clock.now() + lasts,
    )


def _kept(made: Ban, actor_id: int) -> Ban:
    with transaction() as session:
        same = [Ban.email_lookup == made.email_lookup] if made.email_lookup else []
        same = same or [Ban.ip_lookup == made.ip_lookup, Ban.scope == made.scope]
        known = session.scalar(
            sa.select(Ban).where(
                Ban.blog_id == made.blog_id,
                Ban.lifted_at.is_(None),
                Ban.ends_at > clock.now(),
                *same,
            )
        )
        if known:
            known.ends_at = max(known.ends_at, made.ends_at)
            known.reason = made.reason or known.reason
            return known
        session.add(made)
        session.flush()
        record(
            "ban.set",
            session,
            actor_id=actor_id,
            blog_id=made.blog_id,
            subject_uid=made.item_uid,
            reason=made.scope.value,
        )
    return made


def _attribute(scope: Scope) -> str:
    return "email" if scope is Scope.EMAIL else "ip"
