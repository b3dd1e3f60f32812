"""What a comment's author is told on its private page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from app.blog import Post, blog_of
from app.core import clock
from app.core.privacy import REASONS, entries, masked
from app.core.web import Meta, page_meta

from .forms import EditForm
from .links import status_address
from .models import Comment, State
from .pages import address_of, comment_address, shown_alone, zone
from .threads import moment_of

MOST_LOOKS = 50
#: The name under which looks at personal data stand in the audit log.
LOOK = "look"
FIELDS = {"comment.email": "your email address", "comment.ip": "your network address"}


@dataclass(frozen=True)
class Standing:
    """Where a comment stands, in words."""

    title: str
    tone: str
    next: str


@dataclass(frozen=True)
class SeenBy:
    """A look that somebody took at what is sealed."""

    at: datetime
    field: str
    purpose: str


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
        "held": _held(comment),
        "looks": _looks(comment),
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


@dataclass(frozen=True)
class Holding:
    """One thing that is held, shown as far as its owner needs, and when it goes."""

    what: str
    shown: str
    who: str
    until: datetime | None


def _held(comment: Comment) -> list[Holding]:
    """What is kept of the author besides the public name and words."""
    found = []
    for name, what in (("author_email", "Email"), ("author_ip", "Network address")):
        if getattr(comment, name) is None:
            continue
        declared = Comment.__table__.c[name].info["privacy"]
        shown = masked(comment, name) if name == "author_email" else "sealed"
        until = comment.created_at + (declared.period() or timedelta(0))
        found.append(Holding(what, shown, f"so that {declared.why}", until))
    return found


def _looks(comment: Comment) -> list[SeenBy]:
    """Who looked at what is sealed: when and why, and not the name of the person."""
    found = entries(most=MOST_LOOKS, kinds=(LOOK,), subject_uid=comment.uid)
    return [
        SeenBy(entry.at, FIELDS.get(entry.field or "", "your data"), _purpose(entry.reason))
        for entry in found
    ]


def _purpose(reason: str | None) -> str:
    return REASONS.get((reason or "").partition(":")[0], "a purpose no longer on record")


def _minutes(left: timedelta) -> int:
    """Minutes left, begun ones included."""
    return max(0, -(-int(left.total_seconds()) // 60))


def _unpublished_days() -> int:
    return current_app.config["KEEP_UNPUBLISHED_DAYS"]
