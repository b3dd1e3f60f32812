"""What moderators write about a feedback or its sender: a note, a ban."""

from app.core.privacy import Viewer
from app.desk import Done, Mark
from app.moderation import BanDraft, NoteDraft, Scope, add_note, ban_author

from ..models import Feedback
from .acts import Act
from .deciding import KIND, decide


def keep_note(viewer: Viewer, feedback: Feedback, text: str) -> None:
    """Keep a note for the moderators of the room."""
    add_note(NoteDraft(KIND, feedback.blog_id, feedback.uid, text), actor_id=viewer.id)


def keep_out(viewer: Viewer, feedback: Feedback, draft: BanDraft, *, with_spam: bool) -> Done:
    """Ban the sender of a feedback by what is sealed in it, and mark it as spam if asked to.

    Raises `Unacceptable` when what the ban rests on is not known any more.
    """
    attribute = "sender_email" if draft.scope is Scope.EMAIL else "sender_ip"
    mark = Mark(feedback.id, feedback.revision)
    ban_author(draft, feedback, attribute, actor_id=viewer.id)
    return decide(viewer, Act.SPAM, [mark]) if with_spam else Done(None, (feedback.id,))
