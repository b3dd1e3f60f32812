"""What moderators write about a comment or its author: a reply, a reason, a note, a ban."""

from dataclasses import dataclass

from app.core import clock
from app.core.database import transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import Viewer
from app.desk import Done, Mark
from app.moderation import BanDraft, NoteDraft, Scope, add_note, ban_author

from ..letters import notices
from ..links import new_token
from ..models import LONGEST_TEXT, Comment, State
from ..placing import change_states, tell_shown
from .acts import Act
from .deciding import KIND, decide

LONGEST = {"reply": LONGEST_TEXT, "reject": 500, "note": 1_000}


@dataclass(frozen=True)
class Words:
    """What was written about a comment, what for, and the comment as it was seen."""

    way: str
    text: str
    mark: Mark


def take_words(viewer: Viewer, comment: Comment, words: Words) -> Done:
    """Reply to a comment, refuse it with a reason, or keep a note.

    A reply to a comment that waits shows both. Nothing is written about a comment that
    somebody decided on meanwhile; the answer then holds the clash.
    """
    if words.way == "note":
        keep_note(viewer, comment, words.text.strip())
        return Done(None, (comment.id,))
    if words.way == "reject":
        return decide(viewer, Act.REJECT, [words.mark], told=words.text.strip() or None)
    done = Done(None, (comment.id,))
    if comment.state is not State.SHOWN:
        done = decide(viewer, Act.APPROVE, [words.mark])
        if done.clashes:
            return done
    answer(viewer, comment.id, words.text.strip())
    return done


def answer(viewer: Viewer, comment_id: int, text: str) -> int:
    """Put an answer of the blog itself under a comment; its number."""
    at = clock.now()
    with transaction() as session:
        parent = session.get_one(Comment, comment_id)
        reply = Comment(
            blog_id=parent.blog_id,
            post_id=parent.post_id,
            author_name=viewer.username,
            text=text,
            html=render_remark(text),
            html_version=REMARK_VERSION,
            user_id=viewer.id,
            is_by_author=True,
            reasons=[],
            state=State.HELD,
        )
        reply.answer_to(parent)
        new_token(reply)
        session.add(reply)
        session.flush()
        own = {reply.id: {"decided_by": viewer.id}}
        shown = change_states(session, {reply.id: State.SHOWN}, at=at, own=own)
        notices.comments_shown(session, shown)
        number = reply.id
    tell_shown(shown)
    return number


def keep_note(viewer: Viewer, comment: Comment, text: str) -> None:
    """Keep a note for the moderators of the blog."""
    add_note(NoteDraft(KIND, comment.blog_id, comment.uid, text), actor_id=viewer.id)


def keep_out(viewer: Viewer, comment: Comment, draft: BanDraft, *, with_spam: bool) -> Done:
    """Ban the author of a comment by what is sealed in it, and mark it as spam if asked to.

    Raises `Unacceptable` when what the ban rests on is not known any more.
    """
    attribute = "author_email" if draft.scope is Scope.EMAIL else "author_ip"
    mark = Mark(comment.id, comment.revision)
    ban_author(draft, comment, attribute, actor_id=viewer.id)
    return decide(viewer, Act.SPAM, [mark]) if with_spam else Done(None, (comment.id,))
