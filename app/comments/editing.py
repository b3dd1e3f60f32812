"""What authors do with their own comments: change them for a while, take them back for good."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Conflict
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import note_erasure
from app.moderation import (
    Reason,
    Verdict,
    forget,
    links_in,
    may_author_take_part,
    remember,
    screen,
)

from .judging import Attempt, objects_to_words, submission_of
from .models import Comment, State
from .placing import change_states

#: A change of more than this share of the words is looked at before it is public.
SMALL = 0.2
CHANGED = Reason("change", "Its author has changed it since it was published.")


class EditingOver(Conflict):
    """The time to change a comment has passed."""

    title = "It can no longer be changed"
    message = "A comment can be changed for a quarter of an hour after it was posted."
    advice = "What you wrote is below. You can still delete the comment from its private page."


def edit_comment(comment_id: int, text: str, ip: str) -> Comment:
    """Change the words of one's own comment.

    What is held is replaced. What is public is replaced by a small change without new
    links; a larger one waits for a moderator while the words before it stay. Raises
    `EditingOver`, and `Banned` for somebody who may no longer take part.
    """
    at = clock.now()
    with transaction() as session:
        comment = _locked(session, comment_id)
        if not comment.may_be_edited(at):
            raise EditingOver
        if text in (comment.text, comment.pending_text):
            return comment
        may_author_take_part(comment, ip or None)
        attempt = Attempt(
            blog_id=comment.blog_id, name=comment.author_name, text=text, email=None, ip=ip
        )
        submission = replace(submission_of(session, attempt), item_uid=comment.uid)
        verdict = screen(submission)
        if comment.is_shown and (is_large(comment.text, text) or objects_to_words(verdict)):
            comment.pending_text = text
            comment.reasons = [CHANGED.as_json(), *_placed(verdict)]
        else:
            if not comment.is_shown:
                comment.reasons = [*_about_author(comment.reasons), *_placed(verdict)]
            _replace(comment, text, at)
            comment.pending_text = None
        comment.revision += 1
        remember(submission, verdict, comment.uid)
    return comment


def remove_comment(comment_id: int) -> None:
    """Take one's own comment back: its words, name and addresses are gone at once.

    An empty place stays while there are answers. Taking it back twice changes nothing.
    """
    with transaction() as session:
        comment = _locked(session, comment_id)
        if comment.state is State.REMOVED:
            return
        change_states(session, {comment.id: State.REMOVED}, at=clock.now())
        wipe(comment)
        forget(comment.uid)
        note_erasure(session, comment)


def wipe(comment: Comment) -> None:
    """Leave nothing of a comment but its place."""
    comment.author_name = comment.text = comment.html = ""
    comment.pending_text = comment.told = comment.edited_at = comment.proved_at = None
    comment.author_email = comment.author_ip = None
    comment.reasons = []
    comment.wants_replies = False
    comment.user_id = None
    comment.created_at = comment.created_at.replace(hour=0, minute=0, second=0, microsecond=0)


def is_large(before: str, after: str) -> bool:
    """Whether a change adds a link, or adds or takes more than a fifth of the words."""
    if _links(after) - _links(before):
        return True
    old, new = Counter(before.split()), Counter(after.split())
    changed = max(_letters(new - old), _letters(old - new))
    return changed > SMALL * max(_letters(old), _letters(new))


def _replace(comment: Comment, text: str, at: datetime) -> None:
    comment.text = text
    comment.html = render_remark(text)
    comment.html_version = REMARK_VERSION
    # Nobody else has read what is still held.
    comment.edited_at = at if comment.is_shown else comment.edited_at


def _placed(verdict: Verdict) -> list[dict[str, Any]]:
    """The reasons that point at words; who wrote them is known already."""
    return [reason.as_json() for reason in verdict.reasons if reason.start is not None]


def _about_author(reasons: Any) -> list[dict[str, Any]]:
    """The reasons that hold whatever the words are."""
    return [reason for reason in reasons or () if reason.get("start") is None]


def _links(text: str) -> set[str]:
    return {text[link.start : link.end] for link in links_in(text)}


def _letters(words: Counter[str]) -> int:
    return sum(len(word) * count for word, count in words.items())


def _locked(session: Session, comment_id: int) -> Comment:
    return session.scalars(
        sa.select(Comment).where(Comment.id == comment_id).with_for_update()
    ).one()
