"""Taking a comment: judged, stored and told in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Post, blog_of
from app.core import clock
from app.core.database import transaction
from app.core.limits import take
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import seal
from app.moderation import Confirmation, facts_of, refuse_banned, remember

from .closing import AnswerGone, CommentsClosed, closing_of
from .judging import Attempt, judge, state_after
from .known import known_values, what_is_known
from .letters import notices
from .letters.proofs import ask_address
from .links import new_token, status_address
from .models import Comment, State
from .placing import change_states, tell_shown

#: Under this name posts are counted by address.
LIMIT = "comment"
_NEW = sa.insert(Comment.__table__)  # type: ignore[arg-type]  # it is a Table


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
    `CommentsClosed`, `AnswerGone` when what it answers is no longer shown, `Banned`, and
    `TooMany` when others from the same address were quicker.
    """
    at = clock.now()
    # Rendered, sealed and hashed before its turn to write comes: others wait for that one.
    comment = _comment(post, draft, ip, at)
    comment.confirmation = confirmation.number if confirmation else None
    values = known_values(comment, draft.email, ip)
    blog, attempt = blog_of(post), _attempt(comment, draft, ip, confirmation)
    with transaction() as session:
        # From here on, two clicks at once come one after the other.
        if take(LIMIT, ip):
            attempt = replace(attempt, suspicions=(*attempt.suspicions, "busy"))
        known = what_is_known(session, values)
        if closing_of(blog, known, at):
            raise CommentsClosed
        if known.twin_id is not None:
            return _again(session.get_one(Comment, known.twin_id))
        facts = facts_of(attempt.submission())
        refuse_banned(facts.ban_id)
        if draft.parent_id is not None:
            comment.answer_to(_parent(session, comment.post_id, draft.parent_id))
        submission = attempt.submission(approved_before=known.approved, is_proved=known.proved > 0)
        verdict = judge(submission, facts)
        comment.reasons = verdict.as_json()
        comment.proved_at = at if known.is_proved else None
        posted, shown = _store(session, comment, state_after(verdict), at)
        if not (known.is_proved or facts.is_asked):
            ask_address(session, comment)
        remember(submission, verdict, comment.uid)
    tell_shown(shown)
    return posted


def _again(twin: Comment) -> Posted:
    # Name and words of a public comment are known to all, so they prove nothing any more.
    if twin.is_shown:
        return Posted(twin.id, True, None)
    return Posted(twin.id, False, status_address(new_token(twin)))


def _attempt(comment: Comment, draft: Draft, ip: str, confirmation: Confirmation | None) -> Attempt:
    suspicions = confirmation.suspicions if confirmation else ()
    return Attempt(
        blog_id=comment.blog_id,
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


def _parent(session: Session, post_id: int, parent_id: int) -> Comment:
    parent = session.get(Comment, parent_id)
    if parent is None or parent.post_id != post_id or not parent.is_shown:
        raise AnswerGone
    return parent


def _store(
    session: Session, comment: Comment, state: State, at: datetime
) -> tuple[Posted, list[int]]:
    status = status_address(new_token(comment))
    # By the statement alone: the session's book-keeping would cost more than it does.
    values = {name: value for name, value in vars(comment).items() if not name.startswith("_")}
    comment.id = session.execute(_NEW, values).inserted_primary_key[0]  # type: ignore[attr-defined]
    posted, shown = Posted(comment.id, state is State.SHOWN, status), []
    if state is State.SHOWN:
        shown = change_states(session, {comment.id: state}, at=at)
        notices.comments_shown(session, shown)
    return posted, shown
