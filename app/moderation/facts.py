"""What a blog already knows that bears on a submission, looked up by one statement."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

import sqlalchemy as sa

from app.core import clock
from app.core.database import UtcDateTime, db
from app.core.privacy import lookups_of, near_lookups_of, signing_key

from .links import hosts_in
from .models import Ban, Rules, Scope, Trace, Trust
from .proofs import AddressProof
from .records import Decision
from .rulebook import DEFAULTS
from .rules import ATTACK, Submission
from .words import fold

REFUSED = ("rejected", "spam")
TRACES_KEPT = timedelta(days=90)
#: People say short things in the same words.
SHORTEST_REPEAT = 30


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a submission's blog, its author and its words."""

    words: str
    publishes_first: bool
    links_allowed: int
    #: The ban that keeps the author out the longest.
    ban_id: int | None
    is_trusted: bool
    #: Whether the owner of the address was asked by mail, here or in vain.
    is_asked: bool
    was_seen: bool
    #: How many strangers' submissions came within the hour, up to what makes an attack.
    strangers: int
    refused_hosts: frozenset[str] = frozenset()


def facts_of(submission: Submission) -> Facts:
    """Everything that is known, by one statement; by two when the text has links."""
    row = db.session.execute(_FACTS, _values(submission)).one()._asdict()
    if row["words"] is None:
        row |= DEFAULTS
    return Facts(**row, refused_hosts=_refused_hosts(submission))


def print_of(kind: str, text: str) -> bytes:
    """A keyed hash of the letters and digits, so that spaces and signs make no other text."""
    bare = "".join(character for character in fold(text).text if character.isalnum())
    return hmac.digest(signing_key("traces"), f"{kind}:{bare}".encode(), sha256)[:16]


def _values(submission: Submission) -> dict[str, Any]:
    at, email, ip = clock.now(), submission.email or "", submission.ip or ""
    is_long = len(submission.text) >= SHORTEST_REPEAT
    return {
        "blog_id": submission.blog_id,
        "at": at,
        "hour_ago": at - timedelta(hours=1),
        "kept_since": at - TRACES_KEPT,
        "ban_emails": lookups_of(Ban.email, email),
        "ban_addresses": lookups_of(Ban.ip, ip),
        "ban_networks": near_lookups_of(Ban.ip, ip),
        "trusted": lookups_of(Trust.email, email),
        "asked": lookups_of(AddressProof.email, email),
        "text_print": print_of("text", submission.text) if is_long else None,
        "item_uid": submission.item_uid,
    }


def _refused_hosts(submission: Submission) -> frozenset[str]:
    """The hosts it links to that were linked to by what this blog refused."""
    prints = {print_of("host", host): host for host in hosts_in(submission.text)}
    if not prints:
        return frozenset()
    refused = (
        sa.select(Trace.print)
        .join(Decision, Decision.item_uid == Trace.item_uid)
        .where(
            Trace.print.in_(prints),
            Trace.blog_id == submission.blog_id,
            Decision.to_state.in_(REFUSED),
            Decision.undone_at.is_(None),
        )
        .distinct()
    )
    return frozenset(prints[found] for found in db.session.scalars(refused))


_RULES, _BANS, _TRACES, _TRUST, _PROOFS = (
    cast(Any, kind.__table__) for kind in (Rules, Ban, Trace, Trust, AddressProof)
)
_BLOG = sa.bindparam("blog_id", type_=sa.Integer())
_AT = sa.bindparam("at", type_=UtcDateTime())


def _among(column: Any, name: str) -> sa.ColumnElement[bool]:
    return column.in_(sa.bindparam(name, expanding=True, type_=sa.LargeBinary()))


def _ban() -> Any:
    is_met = sa.or_(
        sa.and_(_BANS.c.scope == Scope.EMAIL, _among(_BANS.c.email_lookup, "ban_emails")),
        sa.and_(_BANS.c.scope == Scope.ADDRESS, _among(_BANS.c.ip_lookup, "ban_addresses")),
        sa.and_(_BANS.c.scope == Scope.NEIGHBOURHOOD, _among(_BANS.c.ip_near, "ban_networks")),
    )
    running = (_BANS.c.blog_id == _BLOG, _BANS.c.lifted_at.is_(None), _BANS.c.ends_at > _AT)
    return (
        sa.select(_BANS.c.id).where(*running, is_met).order_by(_BANS.c.ends_at.desc()).limit(1)
    ).scalar_subquery()


def _strangers() -> Any:
    came = _TRACES.c.created_at > sa.bindparam("hour_ago", type_=UtcDateTime())
    some = (
        sa.select(sa.literal(1).label("one"))
        .where(_TRACES.c.blog_id == _BLOG, came, _TRACES.c.is_text, _TRACES.c.is_strange)
        .limit(ATTACK + 1)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _facts() -> Any:
    is_here = sa.or_(_PROOFS.c.blog_id == _BLOG, _PROOFS.c.proved_at.is_(None))
    is_other = _TRACES.c.item_uid.is_distinct_from(sa.bindparam("item_uid", type_=sa.Uuid()))
    one = sa.select(sa.literal(1).label("one")).subquery("one")
    return (
        sa.select(
            *(_RULES.c[name] for name in DEFAULTS),
            _ban().label("ban_id"),
            sa.exists()
            .where(_TRUST.c.blog_id == _BLOG, _among(_TRUST.c.email_lookup, "trusted"))
            .where(_TRUST.c.revoked_at.is_(None))
            .label("is_trusted"),
            sa.exists().where(_among(_PROOFS.c.email_lookup, "asked"), is_here).label("is_asked"),
            sa.exists()
            .where(_TRACES.c.print == sa.bindparam("text_print", type_=sa.LargeBinary()))
            .where(_TRACES.c.is_text, is_other)
            .where(_TRACES.c.created_at > sa.bindparam("kept_since", type_=UtcDateTime()))
            .label("was_seen"),
            _strangers().label("strangers"),
        )
        .select_from(one)
        .outerjoin(_RULES, _RULES.c.blog_id == _BLOG)
    )


#: Built once: building it costs more than running it.
_FACTS = _facts()
