"""Rows that tests need: plain functions, called inside an app context."""

import secrets
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from app.blog import Blog, Post, feedback_room_id
from app.comments import Comment, State
from app.comments.placing import change_states
from app.core import clock
from app.core.database import transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import seal
from app.feedback.models import Feedback, Kind
from app.feedback.models import State as FeedbackState
from app.feedback.records import Wording
from tests.cast import GARDEN


def make_comment(
    slug: str = "tulips",
    *,
    blog: str = GARDEN,
    text: str = "Tulips at last.",
    name: str = "Bo",
    email: str | None = "bo@example.org",
    ip: str | None = "203.0.113.7",
    state: State = State.SHOWN,
    parent: Comment | None = None,
    **columns: Any,
) -> Comment:
    """A comment under a post that was read from the content folder; by Bo, and shown."""
    with transaction() as session:
        post = session.scalars(
            sa.select(Post).join(Blog).where(Blog.slug == blog, Post.slug == slug)
        ).one()
        comment = Comment(
            blog_id=post.blog_id,
            post_id=post.id,
            author_name=name,
            text=text,
            html=render_remark(text),
            html_version=REMARK_VERSION,
            author_email=seal(email) if email else None,
            author_ip=seal(ip) if ip else None,
            **{"status_token_hash": sha256(secrets.token_bytes(32)).digest()} | columns,
        )
        if parent is not None:
            comment.answer_to(session.merge(parent))
        session.add(comment)
        session.flush()
        if state is not State.HELD:
            change_states(session, {comment.id: state}, at=columns.get("created_at", clock.now()))
    return comment


def make_feedback(
    *,
    text: str = "It just works.",
    kind: Kind = Kind.PRAISE,
    name: str | None = "Bo Berg",
    email: str | None = "bo@example.org",
    ip: str | None = "203.0.113.7",
    state: FeedbackState = FeedbackState.OPEN,
    **columns: Any,
) -> Feedback:
    """A feedback of Bo's, private as all of them are at first."""
    with transaction() as session:
        feedback = Feedback(
            blog_id=feedback_room_id(),
            kind=kind,
            text=text,
            html=render_remark(text),
            html_version=REMARK_VERSION,
            sender_name=name,
            sender_email=seal(email) if email else None,
            sender_ip=seal(ip) if ip else None,
            state=state,
            **{"link_token_hash": sha256(secrets.token_bytes(32)).digest()} | columns,
        )
        session.add(feedback)
    return feedback


def make_wording(feedback: Feedback, text: str | None = None, **columns: Any) -> Wording:
    """Words in which a feedback could become public; its own, unless there are others."""
    words = feedback.text if text is None else text
    with transaction() as session:
        wording = Wording(
            feedback_id=feedback.id,
            text_hash=sha256(words.encode()).digest(),
            text=words,
            html=render_remark(words),
            html_version=REMARK_VERSION,
            **columns,
        )
        session.add(wording)
    return wording
