"""The pages that links in our mail lead to. Looking at one changes nothing; its button does."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.blog import Blog
from app.core.web import Meta, from_anywhere, page_meta, page_part, private_link
from app.desk import reader_of, stop_digest, stopped_digests
from app.moderation import asked_proof, prove

from .telling import stop_replies, subscribed_comment

bp = Blueprint("comment_mail", __name__, url_prefix="/comments")


@bp.get("/proof/<token>/")
@private_link
def proof(token: str) -> str:
    """Ask whether the address is the reader's, or say that it is confirmed."""
    asked = asked_proof(token)
    is_proved = asked.proved_at is not None
    title = "Your address is confirmed" if is_proved else "Is this address yours?"
    return _page("proof", title, blog=_blog(asked.blog_id), is_proved=is_proved)


@bp.post("/proof/<token>/")
@private_link
def confirm(token: str) -> Any:
    """Take the answer; a second one changes nothing."""
    prove(token)
    return redirect(request.path, 303)


@bp.get("/replies/<token>/")
@private_link
def replies(token: str) -> str:
    """Ask whether mail about replies shall stop, or say that it has."""
    comment = subscribed_comment(token)
    return _replies_page(comment.blog_id, is_stopped=not comment.wants_replies)


@bp.post("/replies/<token>/")
@private_link
@from_anywhere
def stop(token: str) -> str:
    """Stop it, for the reader's button and for a mail program's (RFC 8058)."""
    comment = subscribed_comment(token)
    stop_replies(token)
    return _replies_page(comment.blog_id, is_stopped=True)


@bp.get("/digest/<int(max=2147483647):blog_id>/<token>/")
@private_link
def digest(blog_id: int, token: str) -> str:
    """Ask whether the digest shall stop, or say that it has."""
    user, blog = reader_of(blog_id, token)
    return _digest_page(blog, is_stopped=blog.id in stopped_digests(user.id))


@bp.post("/digest/<int(max=2147483647):blog_id>/<token>/")
@private_link
@from_anywhere
def silence(blog_id: int, token: str) -> str:
    """Stop it, for the reader's button and for a mail program's (RFC 8058)."""
    _user, blog = reader_of(blog_id, token)
    stop_digest(blog_id, token)
    return _digest_page(blog, is_stopped=True)


def _replies_page(blog_id: int, *, is_stopped: bool) -> str:
    again = "Should you want it again, tick the box with your next comment."
    return _stop_page(_blog(blog_id), "replies to your comments", again, is_stopped=is_stopped)


def _digest_page(blog: Blog, *, is_stopped: bool) -> str:
    again = "The queue is there whenever you look."
    what = "feedback that waits" if blog.is_room else "comments that wait for a moderator"
    return _stop_page(blog, what, again, is_stopped=is_stopped)


def _stop_page(blog: Blog, what: str, again: str, *, is_stopped: bool) -> str:
    title = "These mails have stopped" if is_stopped else "Stop these mails?"
    return _page("stop", title, blog=blog, what=what, again=again, is_stopped=is_stopped)


def _page(name: str, title: str, **values: Any) -> str:
    meta = page_meta(Meta(title=title, robots="noindex"))
    return render_template(f"comments/{name}.html", meta=meta, **values)


def _blog(blog_id: int) -> Blog:
    return next(blog for blog in page_part("every_blog") if blog.id == blog_id)
