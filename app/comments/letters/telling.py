"""Writing the mails that are owed: replies bundled, decisions told, and only what still holds.

A quarter of an hour lies between what happened and its mail, so that several replies are
one mail, and what a moderator takes back at once is never told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.blog import Blog, Post
from app.core import clock
from app.core.database import db, transaction
from app.core.mail import enqueue
from app.moderation import LinkOver, forget_proofs, name_in, token_for

from ..excerpts import excerpt
from ..links import new_token, status_address
from ..models import Comment, State
from .models import OwedNotice

USE = "replies"
PAUSE = timedelta(minutes=15)
#: An address that was not proved by then is told nothing.
PATIENCE = timedelta(days=7)
REMEMBERED = timedelta(days=30)
MOST_IN_A_MAIL = 10
MOST_AT_ONCE = 50

_Owner = aliased(Comment)
_WAITING = (
    OwedNotice.told_at.is_(None),
    _Owner.proved_at.is_not(None),
    _Owner.author_email_lookup.is_not(None),
)


@dataclass(frozen=True)
class Reply:
    """A reply as a mail shows it."""

    name: str
    text: str
    link: str


def tell_owed() -> int:
    """Write the mails that are due; how many. A mail and its note are one transaction."""
    at = clock.now()
    if db.session.execute(_people(at).limit(1)).first() is None:
        return 0
    written = 0
    with transaction() as session:
        due = _owed(session, at)
        for notes in _by_recipient(due).values():
            written += _tell(session, notes)
        _settle(session, due, at)
    return written


def forget_old() -> None:
    """Forget what nobody could be told, what was told long ago, and whom we asked long ago."""
    at = clock.now()
    with transaction() as session:
        forget_proofs(session)
        session.execute(
            sa.delete(OwedNotice).where(
                sa.or_(
                    OwedNotice.told_at < at - REMEMBERED,
                    sa.and_(OwedNotice.told_at.is_(None), OwedNotice.owed_since < at - PATIENCE),
                )
            )
        )


def subscribed_comment(token: str) -> Comment:
    """The comment whose mails a link is about. Raises `LinkOver`."""
    comment = db.session.scalar(sa.select(Comment).where(Comment.uid == name_in(USE, token)))
    if comment is None:
        raise LinkOver
    return comment


def stop_replies(token: str) -> None:
    """No more mail about any comment that this address left on this blog."""
    with transaction() as session:
        comment = subscribed_comment(token)
        theirs = Comment.id == comment.id
        if comment.author_email_lookup is not None:
            theirs = sa.and_(
                Comment.author_email_lookup == comment.author_email_lookup,
                Comment.blog_id == comment.blog_id,
            )
        session.execute(
            sa.update(Comment)
            .where(theirs, Comment.wants_replies)
            .values(wants_replies=False)
            .execution_options(synchronize_session=False)
        )


def _people(at: datetime) -> sa.Select[bytes | None, int]:
    """Who is due something: an address and a blog."""
    return (
        sa.select(_Owner.author_email_lookup, _Owner.blog_id)
        .join_from(OwedNotice, _Owner, _Owner.id == OwedNotice.comment_id)
        .where(*_WAITING, OwedNotice.owed_since <= at - PAUSE)
        .order_by(OwedNotice.owed_since)
        .limit(MOST_AT_ONCE)
    )


def _owed(session: Session, at: datetime) -> list[Any]:
    """Everything that those are owed who are due anything."""
    people = {tuple(row) for row in session.execute(_people(at))}
    query = (
        sa.select(OwedNotice.id, OwedNotice.about_id, OwedNotice.comment_id)
        .add_columns(_Owner.author_email_lookup.label("who"), _Owner.blog_id)
        .join(_Owner, _Owner.id == OwedNotice.comment_id)
        .where(*_WAITING, sa.tuple_(_Owner.author_email_lookup, _Owner.blog_id).in_(people))
        .order_by(OwedNotice.id)
    )
    return list(session.execute(query))


def _settle(session: Session, notes: list[Any], at: datetime) -> None:
    """Owe these no more. A reply is told once for good, and every decision anew."""
    decisions = [note.id for note in notes if note.about_id == note.comment_id]
    replies = [note.id for note in notes if note.about_id != note.comment_id]
    session.execute(sa.delete(OwedNotice).where(OwedNotice.id.in_(decisions)))
    session.execute(sa.update(OwedNotice).where(OwedNotice.id.in_(replies)).values(told_at=at))


def _by_recipient(notes: Iterable[Any]) -> dict[Any, list[Any]]:
    """What is told together: to one address, about one blog; a decision by itself."""
    found = defaultdict(list)
    for note in notes:
        is_decision = note.about_id == note.comment_id
        found[note.who, note.blog_id, note.about_id if is_decision else None].append(note)
    return found


def _tell(session: Session, notes: list[Any]) -> int:
    """Write one mail, if anything of it still holds."""
    owner = session.get_one(Comment, notes[0].comment_id)
    if not owner.wants_replies:
        return 0
    if notes[0].about_id == owner.id:
        return _tell_decision(session, owner)
    return _tell_replies(session, owner, [note.about_id for note in notes])


def _tell_replies(session: Session, owner: Comment, ids: list[int]) -> int:
    query = (
        sa.select(Comment.author_name, Comment.text, Comment.id, Post, Blog.slug.label("blog"))
        .join(Post, Post.id == Comment.post_id)
        .join(Blog, Blog.id == Comment.blog_id)
        .where(Comment.id.in_(ids), Comment.state == State.SHOWN)
        .order_by(Comment.id)
    )
    replies = [
        Reply(row.author_name, excerpt(row.text), _place(row.blog, row.Post.slug, row.id))
        for row in session.execute(query)
        if row.Post.is_shown(clock.now())
    ]
    if not replies:
        return 0
    enqueue(
        "comments/replies",
        to=(owner, "author_email"),
        gives_way=True,
        unsubscribe=f"/comments/replies/{token_for(USE, owner.uid)}/",
        blog=session.get_one(Blog, owner.blog_id).title,
        replies=replies[:MOST_IN_A_MAIL],
        more=len(replies[MOST_IN_A_MAIL:]),
    )
    return 1


def _tell_decision(session: Session, owner: Comment) -> int:
    if owner.state not in (State.SHOWN, State.REJECTED):
        return 0
    post = session.get_one(Post, owner.post_id)
    blog = session.get_one(Blog, owner.blog_id)
    is_shown = owner.state is State.SHOWN
    if is_shown and not post.is_shown(clock.now()):
        return 0
    enqueue(
        "comments/published" if is_shown else "comments/refused",
        to=(owner, "author_email"),
        gives_way=True,
        unsubscribe=f"/comments/replies/{token_for(USE, owner.uid)}/",
        blog=blog.title,
        post=post.title,
        link=_place(blog.slug, post.slug, owner.id)
        if is_shown
        else status_address(new_token(owner)),
        **({} if is_shown else {"told": owner.told}),
    )
    return 1


def _place(blog: str, post: str, comment_id: int) -> str:
    """The address that leads to a comment wherever it stands."""
    return f"/{blog}/{post}/comments/{comment_id}/"
