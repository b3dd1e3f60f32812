"""What a comment's author is told on its private page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app

from app.blog import Post, blog_of
from app.core import clock
from app.core.web import Meta, page_meta
from app.moderation import held_about, looks_at

from .forms import EditForm
from .links import status_address
from .models import Comment, State
from .pages import address_of, comment_address, shown_alone, zone
from .threads import moment_of

HELD = {"author_email": "Email", "author_ip": "Network address"}
FIELDS = {"comment.email": "your email address", "comment.ip": "your network address"}


@dataclass(frozen=True)
class Standing:
    """Where a comment stands, in words."""

    title: str
    tone: str
    next: str


def status_page(
    comment: Comment, post: Post, token: str, form: EditForm | None = None
) -> dict[str, Any]:
    """Everything the private page shows."""
    at = clock.now()
    standing = standing_of(comment, blog_of(post).title)
    form = form or EditForm(data={"text": comment.pending_text or comment.text})
    title = f"Error: {standing.title}" if form.errors else standing.title
    meta = Meta(title=f"{title} · Your comment", robots="noindex")
    return {
        "meta": page_meta(meta),
        "comment": comment,
        "remark": shown_alone(comment),
        "standing": standing,
        "post": post,
        "post_address": address_of(post),
        "thread_address": _thread_address(comment, post),
        "own": status_address(token),
        "form": form if comment.may_be_edited(at) else None,
        "minutes": _minutes(comment.editable_until - at),
        "editable_until": moment_of(comment.editable_until, zone()),
        "held": held_about(comment, HELD),
        "looks": looks_at(comment.uid, FIELDS),
    }


def standing_of(comment: Comment, blog: str) -> Standing:
    """Where the comment stands, and what happens next."""
    if comment.state is State.SHOWN:
        if comment.pending_text is not None:
            return Standing(
                "Published, with a change that waits",
                "warn",
                "Your change adds a link or much text, so a moderator looks at it first. "
                "Until then the words before it stay public.",
            )
        return Standing("Published", "ok", "Everybody can read it under the post.")
    if comment.state is State.HELD:
        return Standing(
            "Waiting for a moderator",
            "info",
            f"A moderator of {blog} reads it before it is public. Come back to this page to see "
            f"what they decided. Undecided, it is deleted after {_unpublished_days()} days.",
        )
    if comment.state is State.REMOVED:
        return Standing(
            "Deleted", "info", "You took it back. Its words, your name and addresses are erased."
        )
    return Standing(
        "Not published",
        "bad",
        f"A moderator of {blog} decided against it. It is deleted after "
        f"{_unpublished_days()} days.",
    )


def _thread_address(comment: Comment, post: Post) -> str | None:
    if not comment.is_shown or comment.page is None:
        return None
    return comment_address(post, comment.id, comment.page)


def _minutes(left: timedelta) -> int:
    """Minutes left, begun ones included."""
    return max(0, -(-int(left.total_seconds()) // 60))


def _unpublished_days() -> int:
    return current_app.config["KEEP_UNPUBLISHED_DAYS"]
