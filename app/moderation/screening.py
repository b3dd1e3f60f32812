"""Judging what was sent in: show it, or hold it for somebody to look at. Nothing is dropped."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction

from .facts import TRACES_KEPT, Facts, facts_of, print_of
from .lessons import unlearn
from .links import hosts_in
from .models import Trace
from .reasons import Action, Verdict
from .records import Note
from .rules import Known, Submission, is_stranger, judge

MOST_HOSTS = 20
_TRACES = sa.insert(Trace.__table__)  # type: ignore[arg-type]  # it is a Table


def screen(submission: Submission, facts: Facts | None = None) -> Verdict:
    """Whether a submission is shown at once, and every rule that holds it otherwise.

    `facts` spares looking up what the caller knows already.
    """
    known = _known(facts or facts_of(submission))
    reasons = judge(submission, known)
    action = Action.HOLD if reasons else Action.SHOW
    return Verdict(action, reasons, is_strange=is_stranger(submission, known))


def remember(submission: Submission, verdict: Verdict, item_uid: uuid.UUID) -> None:
    """Keep fingerprints of what was sent in, so that its next copy is recognised."""
    hosts = sorted(hosts_in(submission.text))[:MOST_HOSTS]
    prints = [
        (True, print_of("text", submission.text)),
        *((False, print_of("host", host)) for host in hosts),
    ]
    same = {
        "blog_id": submission.blog_id,
        "item_uid": item_uid,
        "is_strange": verdict.is_strange,
        "created_at": clock.now(),
    }
    with transaction() as session:
        if submission.item_uid:
            session.execute(sa.delete(Trace).where(Trace.item_uid == item_uid))
        session.execute(_TRACES, [same | {"is_text": is_text, "print": p} for is_text, p in prints])


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


def _known(facts: Facts) -> Known:
    return Known(
        words=facts.words,
        publishes_first=facts.publishes_first,
        links_allowed=facts.links_allowed,
        is_trusted=facts.is_trusted,
        was_seen=facts.was_seen,
        refused_hosts=facts.refused_hosts,
        strangers_waiting=facts.strangers,
    )
