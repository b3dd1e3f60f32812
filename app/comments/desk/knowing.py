"""What the floors below know about a comment: notes, reports, decisions and trust."""

from typing import Any

from app.desk import past_of

from ..models import Comment
from .acts import STATE_WORDS
from .case_queries import trust_in

#: What filters call the rules that may hold a comment.
RULES = (
    ("first", "First comment"),
    ("untrusted", "Not trusted yet"),
    ("unproved", "Address not proved"),
    ("links", "Links"),
    ("words", "Word list"),
    ("host", "Refused host"),
    ("repeated", "Repeated text"),
    ("disguise", "Disguised link"),
    ("bare", "Nothing but links"),
    ("mixed", "Mixed alphabets"),
    ("loud", "Capitals"),
    ("attack", "Many strangers at once"),
    ("form-trap", "Hidden field filled in"),
    ("form-young", "Filled in too fast"),
)


def case_extras(comment: Comment) -> dict[str, Any]:
    """Notes, reports, decisions and trust of one comment, for its page."""
    return past_of(comment.uid, STATE_WORDS) | {"trusted": trust_in(comment)}
