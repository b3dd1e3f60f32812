"""Notes between moderators, and answers that are used again."""

import uuid

import pytest

from app.core.errors import Missing, Unacceptable
from app.moderation import NoteDraft, add_note, forget, note_counts, notes_of, saved_replies
from app.moderation.models import LONGEST_NOTE
from app.moderation.notes import drop_reply, save_reply
from tests.cast import MIRA
from tests.people import member

pytestmark = pytest.mark.database

ITEM, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_a_note_is_kept_with_its_item(garden: int) -> None:
    mira = member(MIRA).id
    for text in (" Was here before. ", "Is fine."):
        add_note(NoteDraft("comment", garden, ITEM, text), actor_id=mira)
    assert [(note.text, note.created_by) for note in notes_of(ITEM)] == [
        ("Was here before.", mira), ("Is fine.", mira)
    ]  # fmt: skip
    assert note_counts([ITEM, OTHER]) == {ITEM: 2}


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_NOTE + 1)])
def test_an_empty_or_endless_note_is_refused(garden: int, text: str) -> None:
    with pytest.raises(Unacceptable):
        add_note(NoteDraft("comment", garden, ITEM, text), actor_id=member(MIRA).id)


def test_notes_go_with_the_comment_they_are_about(garden: int) -> None:
    add_note(NoteDraft("comment", garden, ITEM, "Was here before."), actor_id=member(MIRA).id)
    add_note(NoteDraft("comment", garden, OTHER, "Is fine."), actor_id=member(MIRA).id)
    forget(ITEM)
    assert note_counts([ITEM, OTHER]) == {OTHER: 1}


def test_a_saved_reply_fills_in_name_and_post_and_nothing_else(garden: int) -> None:
    reply = save_reply(garden, "Thanks", "Dear {name}, {{post}} {other} {post.id} is {post}.")
    assert reply.filled(name="{post}", post="Tulips") == (
        "Dear {post}, {Tulips} {other} {post.id} is Tulips."
    )


def test_the_same_title_replaces_a_reply_and_each_blog_has_its_own(
    garden: int, workshop: int
) -> None:
    save_reply(garden, "Thanks", "One.")
    reply = save_reply(garden, " Thanks ", "Two.")
    assert [(each.title, each.text) for each in saved_replies(garden)] == [("Thanks", "Two.")]
    assert saved_replies(workshop) == []
    with pytest.raises(Missing):
        drop_reply(reply.id, blogs=frozenset({workshop}))
    drop_reply(reply.id, blogs=frozenset({garden}))
    assert saved_replies(garden) == []
    with pytest.raises(Unacceptable):
        save_reply(garden, "Thanks", " ")
