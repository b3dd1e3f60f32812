"""What screening makes of a comment, with what is known here about its author."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.privacy import lookups_of
from app.moderation import Facts, Submission, Verdict, may_take_part, saw, screen

from .models import Comment, State

#: What moderation calls the items of this package.
KIND = "comment"
#: More approved comments say nothing more.
ENOUGH = 20
_C: Any = Comment.__table__.c


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A text on its way under a post, and from whom it comes."""

    blog_id: int
    name: str
    text: str
    email: str | None
    ip: str
    suspicions: tuple[str, ...] = ()

    def submission(self, *, approved_before: int = 0, is_proved: bool = False) -> Submission:
        """What screening is told."""
        return Submission(
            kind=KIND,
            blog_id=self.blog_id,
            text=self.text,
            name=self.name,
            email=self.email,
            ip=self.ip or None,
            is_proved=is_proved,
            approved_before=approved_before,
            suspicions=self.suspicions,
        )


def submission_of(session: Session, attempt: Attempt) -> Submission:
    """What screening is told. Raises `Banned` for somebody who may not take part here."""
    may_take_part(attempt.blog_id, attempt.email, attempt.ip or None)
    values = {"blog_id": attempt.blog_id, "emails": emails_of(attempt.email)}
    approved, proved = session.execute(sa.select(*HISTORY), values).one()
    return attempt.submission(approved_before=approved, is_proved=proved > 0)


def judge(submission: Submission, facts: Facts) -> Verdict:
    """Whether a text may be shown at once."""
    verdict = screen(submission, facts)
    if not verdict.holds and submission.email:
        saw(submission.blog_id, submission.email)
    return verdict


def state_after(verdict: Verdict) -> State:
    """Where a new comment stands."""
    return State.HELD if verdict.holds else State.SHOWN


def objects_to_words(verdict: Verdict) -> bool:
    """Whether screening points at words of the text, and not only at who wrote them."""
    return any(reason.start is not None for reason in verdict.reasons)


def emails_of(email: str | None) -> list[bytes]:
    """What the lookup beside the email of a comment may hold."""
    return lookups_of(Comment.author_email, email) if email else []


def is_by(name: str) -> sa.ColumnElement[bool]:
    """The condition that a comment is by one of the emails of a parameter."""
    hashes = sa.bindparam(name, expanding=True, type_=sa.LargeBinary())
    return _C.author_email_lookup.in_(hashes)


_SHOWN = (
    sa.select(_C.proved_at)
    .where(_C.blog_id == sa.bindparam("blog_id"), _C.state == State.SHOWN)
    .where(is_by("emails"))
    .limit(ENOUGH)
    .subquery()
)
#: How many comments of the emails are shown, and how many of those of a proved address.
HISTORY = (
    sa.select(sa.func.count()).select_from(_SHOWN).scalar_subquery().label("approved"),
    sa.select(sa.func.count(_SHOWN.c.proved_at)).scalar_subquery().label("proved"),
)
