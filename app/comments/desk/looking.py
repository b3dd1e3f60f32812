"""Seeing what is sealed in a comment: one value, for one reason, on record."""

from datetime import timedelta

from flask import current_app

from app.accounts import admins_of, owners
from app.blog import Blog
from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Gone, Missing
from app.core.mail import enqueue
from app.core.privacy import LookRefused, Need, Revealed, Unreadable, Viewer, record, reveal

from ..models import Comment
from .case_queries import looks_since

FIELDS = {"email": "author_email", "ip": "author_ip"}
GONE = "That can no longer be read: its time is over, or it was damaged."
A_DAY = timedelta(days=1)


def comment_for(viewer: Viewer, comment_id: int) -> Comment:
    """A comment the viewer may moderate.

    Raises `Missing` for all others, there or not; that somebody asked for one of another
    blog is put on record.
    """
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        raise Missing
    if not viewer.moderates(comment.blog_id):
        record(
            "comment.elsewhere",
            actor_id=viewer.id,
            blog_id=comment.blog_id,
            subject_uid=comment.uid,
        )
        raise Missing
    return comment


def look(
    viewer: Viewer, comment: Comment, field: str, *, reason: str, note: str = ""
) -> Revealed | Need:
    """The email or the address of a comment, or what the viewer still needs for seeing it.

    Raises `Missing` for anybody but administrators of its blog, and `Gone` for what nobody
    can read any more. The look is on record before anything is opened; unusually many alert
    those who share the responsibility.
    """
    try:
        seen = reveal(comment, FIELDS[field], viewer, reason, note)
    except LookRefused as refusal:
        if refusal.need is Need.ROLE:
            raise Missing from None
        return refusal.need
    except Unreadable:
        raise Gone(GONE, advice="Nothing else of the comment has changed.") from None
    _tell_of_many(viewer, comment.blog_id)
    return seen


def _tell_of_many(viewer: Viewer, blog_id: int) -> None:
    """Mail the other administrators and the owners, once when the day's limit is passed."""
    most = current_app.config["LOOKS_A_DAY"]
    if looks_since(viewer.id, clock.now() - A_DAY) != most + 1:
        return
    others = {user.id: user for user in [*admins_of(blog_id), *owners()]}
    others.pop(viewer.id, None)
    facts = {"who": viewer.username, "most": most, "audit": f"/admin/audit/?who={viewer.id}"}
    with transaction() as session:
        blog = session.get_one(Blog, blog_id).title
        for user in others.values():
            enqueue("comments/many_looks", to=(user, "email"), blog=blog, **facts)
