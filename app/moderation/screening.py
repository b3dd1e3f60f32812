"""Judging what was sent in: show it, or hold it for somebody to look at. Nothing is dropped."""

import hmac
import uuid
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import signing_key

from .lessons import unlearn
from .links import hosts_in
from .models import Trace
from .reasons import Action, Verdict
from .records import Decision, Note
from .rulebook import rules_of
from .rules import Known, Submission, is_stranger, judge
from .trust import is_trusted
from .words import fold

REFUSED = ("rejected", "spam")
TRACES_KEPT = timedelta(days=90)
#: People say short things in the same words.
SHORTEST_REPEAT = 30
MOST_HOSTS = 20


def screen(submission: Submission) -> Verdict:
    """Whether a submission is shown at once, and every rule that holds it otherwise."""
    known = _known(submission)
    reasons = judge(submission, known)
    action = Action.HOLD if reasons else Action.SHOW
    return Verdict(action, reasons, is_strange=is_stranger(submission, known))


def remember(submission: Submission, verdict: Verdict, item_uid: uuid.UUID) -> None:
    """Keep fingerprints of what was sent in, so that its next copy is recognised."""
    hosts = sorted(hosts_in(submission.text))[:MOST_HOSTS]
    prints = [(True, _print("text", submission.text)), *((False, _print("host", h)) for h in hosts)]
    with transaction() as session:
        session.execute(sa.delete(Trace).where(Trace.item_uid == item_uid))
        session.add_all(
            Trace(
                blog_id=submission.blog_id,
                item_uid=item_uid,
                is_text=is_text,
                print=made,
                is_strange=verdict.is_strange,
            )
            for is_text, made in prints
        )


def forget(*item_uids: uuid.UUID) -> None:
    """Drop what is known of items that were erased: fingerprints, notes, and what they taught."""
    with transaction() as session:
        unlearn(session, item_uids)
        session.execute(sa.delete(Trace).where(Trace.item_uid.in_(item_uids)))
        session.execute(sa.delete(Note).where(Note.item_uid.in_(item_uids)))


def drop_old_traces() -> int:
    """Drop fingerprints that are too old to tell anything; how many there were."""
    old = clock.now() - TRACES_KEPT
    with transaction() as session:
        dropped: Any = session.execute(sa.delete(Trace).where(Trace.created_at < old))
    return int(dropped.rowcount)


def _known(submission: Submission) -> Known:
    rules = rules_of(submission.blog_id)
    trusted = bool(
        submission.is_proved
        and submission.email
        and is_trusted(submission.blog_id, submission.email)
    )
    known = Known(
        words=rules.words,
        publishes_first=rules.publishes_first,
        links_allowed=rules.links_allowed,
        is_trusted=trusted,
        was_seen=_was_seen(submission),
        refused_hosts=_refused_hosts(submission),
    )
    if not is_stranger(submission, known):
        return known
    return replace(known, strangers_waiting=_strangers(submission.blog_id))


def _was_seen(submission: Submission) -> bool:
    if len(submission.text) < SHORTEST_REPEAT:
        return False
    seen = sa.select(Trace.id).where(
        Trace.print == _print("text", submission.text),
        Trace.is_text,
        Trace.created_at > clock.now() - TRACES_KEPT,
    )
    if submission.item_uid:
        seen = seen.where(Trace.item_uid != submission.item_uid)
    return db.session.scalar(seen.limit(1)) is not None


def _refused_hosts(submission: Submission) -> frozenset[str]:
    """The hosts it links to that were linked to by what this blog refused."""
    prints = {_print("host", host): host for host in hosts_in(submission.text)}
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


def _strangers(blog_id: int) -> int:
    """How many strangers' submissions came to a blog within the hour."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Trace)
            .where(
                Trace.blog_id == blog_id,
                Trace.created_at > clock.now() - timedelta(hours=1),
                Trace.is_text,
                Trace.is_strange,
            )
        )
        or 0
    )


def _print(kind: str, text: str) -> bytes:
    """A keyed hash of the letters and digits, so that spaces and signs make no other text."""
    bare = "".join(character for character in fold(text).text if character.isalnum())
    return hmac.digest(signing_key("traces"), f"{kind}:{bare}".encode(), sha256)[:16]
