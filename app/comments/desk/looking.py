"""The comment that a moderator opens, and what is sealed in it."""

from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Need, Revealed, Viewer, record
from app.desk import look as look_at

from ..models import Comment

FIELDS = {"email": "author_email", "ip": "author_ip"}


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
    """The email or the address of a comment, as `desk.look` answers it."""
    return look_at(viewer, comment, FIELDS[field], reason=reason, note=note)
