"""Taking a comment: judged, stored and told in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Post, blog_of
from app.core import clock
from app.core.database import transaction
from app.core.limits import wide_limit_reached
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import matches, near, seal
from app.moderation import Confirmation, remember

from .closing import AnswerGone, CommentsClosed, closing_of
from .judging import Attempt, judge, state_after, submission_of
from .letters import notices
from .links import new_token, status_address
from .models import Comment, State
from .placing import change_states, tell_shown

#: Under this name posts are counted by address.
LIMIT = "comment"
#: The same words from the same person within this time are the same comment.
TWINS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Draft:
    """What somebody wrote."""

    name: str
    email: str | None
    text: str
    wants_replies: bool = False
    parent_id: int | None = None


@dataclass(frozen=True)
class Posted:
    """A comment that was taken; `status` is its private address, for its author alone."""

    id: int
    is_shown: bool
    status: str | None


def post_comment(
    post: Post, draft: Draft, ip: str, confirmation: Confirmation | None = None
) -> Posted:
    """Store a reader's comment, held for moderation unless screening clears it.

    The same comment sent again within the hour is the one that is there; once that is
    public, whoever sends it again is no longer told its private address. Raises
    `CommentsClosed`, `AnswerGone` when what it answers is no longer shown, and `Banned`.
    """
    at = clock.now()
    with transaction() as session:
        # Two clicks at once must not both find that nothing is there yet.
        session.refresh(post, with_for_update=True)
        if closing_of(blog_of(post), post, at):
            raise CommentsClosed
        twin = _twin(session, post, draft, ip, confirmation)
        if twin is not None:
            return _again(twin)
        comment = _comment(post, draft, ip, at)
        if draft.parent_id is not None:
            comment.answer_to(_parent(session, post, draft.parent_id))
        submission = submission_of(session, _attempt(post, draft, ip, confirmation))
        verdict = judge(submission)
        comment.reasons = verdict.as_json()
        comment.confirmation = confirmation.number if confirmation else None
        posted, shown = _store(session, comment, state_after(verdict), at)
        remember(submission, verdict, comment.uid)
    tell_shown(shown)
    return posted


def _twin(
    session: Session, post: Post, draft: Draft, ip: str, confirmation: Confirmation | None
) -> Comment | None:
    """The same comment, if it was taken already: confirmed before, or said within the hour."""
    if confirmation is not None:
        known = Comment.confirmation == confirmation.number
        if twin := session.scalar(sa.select(Comment).where(known)):
            return twin
    if not ip:
        return None
    same = (
        Comment.post_id == post.id,
        Comment.created_at > clock.now() - TWINS_WITHIN,
        Comment.author_name == draft.name,
        Comment.text == draft.text,
        Comment.state.in_((State.HELD, State.SHOWN)),
        near(Comment.author_ip, ip),
        _same_email(draft.email),
    )
    return session.scalar(sa.select(Comment).where(*same).order_by(Comment.id).limit(1))


def _same_email(email: str | None) -> sa.ColumnElement[bool]:
    return matches(Comment.author_email, email) if email else Comment.author_email.is_(None)


def _again(twin: Comment) -> Posted:
    # Name and words of a public comment are known to all, so they prove nothing any more.
    if twin.is_shown:
        return Posted(twin.id, True, None)
    return Posted(twin.id, False, status_address(new_token(twin)))


def _attempt(post: Post, draft: Draft, ip: str, confirmation: Confirmation | None) -> Attempt:
    suspicions = confirmation.suspicions if confirmation else ()
    if wide_limit_reached(LIMIT, ip):
        suspicions = (*suspicions, "busy")
    return Attempt(
        blog_id=post.blog_id,
        name=draft.name,
        text=draft.text,
        email=draft.email,
        ip=ip,
        suspicions=suspicions,
    )


def _comment(post: Post, draft: Draft, ip: str, at: datetime) -> Comment:
    return Comment(
        blog_id=post.blog_id,
        post_id=post.id,
        created_at=at,
        author_name=draft.name,
        text=draft.text,
        html=render_remark(draft.text),
        html_version=REMARK_VERSION,
        author_email=seal(draft.email) if draft.email else None,
        author_ip=seal(ip) if ip else None,
        wants_replies=draft.wants_replies,
    )


def _parent(session: Session, post: Post, parent_id: int) -> Comment:
    parent = session.get(Comment, parent_id)
    if parent is None or parent.post_id != post.id or not parent.is_shown:
        raise AnswerGone
    return parent


def _store(
    session: Session, comment: Comment, state: State, at: datetime
) -> tuple[Posted, list[int]]:
    status = status_address(new_token(comment))
    session.add(comment)
    session.flush()
    posted, shown = Posted(comment.id, state is State.SHOWN, status), []
    if state is State.SHOWN:
        shown = change_states(session, {comment.id: state}, at=at)
        notices.comments_shown(session, shown)
    notices.comment_posted(session, comment, status)
    return posted, shown
