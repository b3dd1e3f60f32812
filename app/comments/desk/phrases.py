"""Answers a blog's moderators use again, filled in for one comment."""

from dataclasses import dataclass

from app.moderation import saved_replies

from ..models import Comment


@dataclass(frozen=True)
class Phrase:
    """A saved reply and its text for this comment."""

    number: int
    title: str
    text: str

    @property
    def to(self) -> str:
        """The address that puts it into the field."""
        return f"?for=reply&saved={self.number}#words"


def phrases_for(comment: Comment, post_title: str) -> list[Phrase]:
    """The saved replies of the comment's blog, by title."""
    return [
        Phrase(reply.id, reply.title, reply.filled(name=comment.author_name, post=post_title))
        for reply in saved_replies(comment.blog_id)
    ]


def chosen_phrase(phrases: list[Phrase], number: str) -> str:
    """The text of the phrase that an address asks for; empty for none of them."""
    return next((phrase.text for phrase in phrases if str(phrase.number) == number), "")
