"""When a post takes no comments, and what its readers are told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.blog import Blog, Post
from app.core.errors import Conflict


@dataclass(frozen=True)
class Closing:
    """Why nothing can be added, and since when, if there is a day."""

    reason: str
    since: datetime | None = None


class CommentsClosed(Conflict):
    """The post no longer takes comments."""

    title = "Comments are closed here"
    message = "This post no longer takes comments."
    advice = "What you wrote is below; nothing of it was stored."


class AnswerGone(Conflict):
    """What was to be answered has been taken back."""

    title = "The comment you answer is gone"
    message = "It was removed while you were writing."
    advice = "What you wrote is below; you can post it as a comment of its own."


def closing_of(blog: Blog, post: Post, at: datetime) -> Closing | None:
    """Why a post takes no comments at that moment, or `None` while it does."""
    if not blog.comments_open:
        return Closing(f"{blog.title} takes no comments.")
    if not post.comments_open:
        return Closing("This post takes no comments.")
    until = post.comments_until
    if until is None and blog.comments_days:
        until = post.published_at + timedelta(days=blog.comments_days)
    if until is not None and until <= at:
        return Closing("Comments on this post were closed on", until)
    return None
