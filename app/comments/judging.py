"""What screening makes of a comment, with what is known here about its author."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.privacy import matches
from app.moderation import Submission, Verdict, may_take_part, saw, screen

from .models import Comment, State

#: What moderation calls the items of this package.
KIND = "comment"
#: More approved comments say nothing more.
ENOUGH = 20


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A text on its way under a post, and from whom it comes."""

    blog_id: int
    name: str
    text: str
    email: str | None
    ip: str
    suspicions: tuple[str, ...] = ()


def submission_of(session: Session, attempt: Attempt) -> Submission:
    """What screening is told. Raises `Banned` for somebody who may not take part here."""
    may_take_part(attempt.blog_id, attempt.email, attempt.ip or None)
    approved, is_proved = _history(session, attempt.blog_id, attempt.email)
    return Submission(
        kind=KIND,
        blog_id=attempt.blog_id,
        text=attempt.text,
        name=attempt.name,
        email=attempt.email,
        ip=attempt.ip or None,
        is_proved=is_proved,
        approved_before=approved,
        suspicions=attempt.suspicions,
    )


def judge(submission: Submission) -> Verdict:
    """Whether a text may be shown at once."""
    verdict = screen(submission)
    if not verdict.holds and submission.email:
        saw(submission.blog_id, submission.email)
    return verdict


def state_after(verdict: Verdict) -> State:
    """Where a new comment stands."""
    return State.HELD if verdict.holds else State.SHOWN


def objects_to_words(verdict: Verdict) -> bool:
    """Whether screening points at words of the text, and not only at who wrote them."""
    return any(reason.start is not None for reason in verdict.reasons)


def _history(session: Session, blog_id: int, email: str | None) -> tuple[int, bool]:
    """How many comments of that address are shown here, and whether it was ever proved."""
    if email is None:
        return 0, False
    shown = (
        sa.select(Comment.proved_at)
        .where(matches(Comment.author_email, email))
        .where(Comment.blog_id == blog_id, Comment.state == State.SHOWN)
        .limit(ENOUGH)
        .subquery()
    )
    query = sa.select(sa.func.count(), sa.func.count(shown.c.proved_at)).select_from(shown)
    count, proved = session.execute(query).one()
    return count, proved > 0
