"""Rows that tests need: plain functions, called inside an app context."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
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
from app.feedback.approving import approve
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public
from app.feedback.models import Feedback, Kind
from app.feedback.models import State as FeedbackState
from app.feedback.records import Card, Credit, Grant, Wording
from app.feedback.seals import hash_of
from app.trends.models import Dimension
from app.trends.reports import publish_due
from app.trends.tallies import Key, add, month_after
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
            text_hash=hash_of(words),
            text=words,
            html=render_remark(words),
            html_version=REMARK_VERSION,
            **columns,
        )
        session.add(wording)
    return wording


def take_back(number: int) -> None:
    """The sender's word, taken back; what follows is the database's doing."""
    with transaction() as session:
        session.execute(
            sa.update(Grant)
            .where(Grant.feedback_id == number, Grant.live.is_(True))
            .values(live=None, credit_line="", ended_at=clock.now())
        )


def publish_feedback(
    feedback: Feedback | None = None,
    *,
    credit: Credit = Credit.ANONYMOUS,
    name: str = "Bo Berg",
    role: str = "Gardener",
    on_home: bool = False,
) -> Feedback:
    """A feedback, Bo's unless there is another, that he lets be public and somebody approved."""
    feedback = feedback or make_feedback()
    terms = Terms(signature=signature(credit, name, role), on_home=on_home)
    let_be_public(feedback.id, terms)
    approve(feedback.id, hash_of(feedback.text), by=None)
    return feedback


def make_card(
    feedback: Feedback | None = None,
    *,
    credit: str = "Anonymous",
    on_home: bool = False,
    at: datetime | None = None,
    ends_at: datetime | None = None,
    **values: Any,
) -> int:
    """The number of a feedback that is public: since `at`, until `ends_at`."""
    chosen = Credit.ANONYMOUS if credit == "Anonymous" else Credit.FULL
    made = feedback or make_feedback(**values)
    number = publish_feedback(made, credit=chosen, name=credit, on_home=on_home).id
    with transaction() as session:
        if at is not None:
            mine = {"published_at": at}
            session.execute(sa.update(Card).where(Card.feedback_id == number).values(mine))
        if ends_at is not None:
            ends = {"ends_at": ends_at}
            session.execute(sa.update(Grant).where(Grant.feedback_id == number).values(ends))
    return number


def count_month(month: date, counts: Mapping[Dimension, Mapping[str, int]]) -> None:
    """Totals of a month, spread over its days; what is rarer than that is met on few of them."""
    days = [month + timedelta(days=n) for n in range((month_after(month) - month).days)]
    found: dict[Key, int] = {}
    for dimension, values in counts.items():
        for value, count in values.items():
            share, left = divmod(count, len(days))
            for place, day in enumerate(days):
                if number := share + (place < left):
                    found[day, dimension, value] = number
    add(found)


def publish_month(month: date) -> None:
    """A month of which enough was read, and its report."""
    everything: dict[Dimension, dict[str, int]] = {
        Dimension.TOTAL: {"": 900},
        Dimension.PAGE: {"/garden/tulips/": 600, "/": 300},
        Dimension.BROWSER: {"Firefox 140 to 149": 500, "Safari 20 to 29": 400},
        Dimension.LANGUAGE: {"en": 800, "de": 100},
        Dimension.HOUR: {"09": 600, "21": 300},
        Dimension.SOURCE: {"none": 300, "example.org": 100},
    }
    count_month(month, everything)
    publish_due()
