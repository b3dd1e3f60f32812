"""What moderators of a blog tell each other about an item, and answers they use again."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.database import db, transaction
from app.core.errors import Missing, Unacceptable

from .models import LONGEST_NOTE
from .records import Note, SavedReply


@dataclass(frozen=True)
class NoteDraft:
    """A note as somebody wrote it."""

    kind: str
    blog_id: int
    item_uid: uuid.UUID
    text: str


def add_note(draft: NoteDraft, *, actor_id: int) -> Note:
    """Keep a note. Raises `Unacceptable` when it is empty or too long."""
    text = draft.text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Unacceptable(f"A note has between one and {LONGEST_NOTE:,} characters.")
    with transaction() as session:
        note = Note(
            kind=draft.kind,
            blog_id=draft.blog_id,
            item_uid=draft.item_uid,
            text=text,
            created_by=actor_id,
        )
        session.add(note)
    return note


def notes_of(item_uid: uuid.UUID) -> list[Note]:
    """The notes about an item, the oldest first."""
    return list(
        db.session.scalars(sa.select(Note).where(Note.item_uid == item_uid).order_by(Note.id))
    )


def note_counts(item_uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many notes there are, for each item that has any."""
    counted = (
        sa.select(Note.item_uid, sa.func.count())
        .where(Note.item_uid.in_(list(item_uids)))
        .group_by(Note.item_uid)
    )
    return dict(db.session.execute(counted).all())


def saved_replies(blog_id: int) -> list[SavedReply]:
    """A blog's saved replies, by title."""
    found = sa.select(SavedReply).where(SavedReply.blog_id == blog_id).order_by(SavedReply.title)
    return list(db.session.scalars(found))


def save_reply(blog_id: int, title: str, text: str) -> SavedReply:
    """Keep an answer under a title; the same title again replaces it."""
    title, text = title.strip()[:80], text.strip()
    if not title or not text:
        raise Unacceptable("A saved reply needs a title and a text.")
    with transaction() as session:
        reply = session.scalar(
            sa.select(SavedReply).where(SavedReply.blog_id == blog_id, SavedReply.title == title)
        )
        if reply is None:
            reply = SavedReply(blog_id=blog_id, title=title)
            session.add(reply)
        reply.text = text
    return reply


def drop_reply(reply_id: int, *, blogs: frozenset[int]) -> None:
    """Take a saved reply away. Raises `Missing` outside `blogs`."""
    with transaction() as session:
        reply = session.get(SavedReply, reply_id)
        if reply is None or reply.blog_id not in blogs:
            raise Missing
        session.delete(reply)
