"""Finding feedback by an exact email or address, which are compared under seal."""

from app.core.privacy import Viewer, matches, near
from app.desk import Kinship

from ..models import Feedback
from .queries import representatives, room_of
from .sieve import Shelf, Sieve


def find(viewer: Viewer, kinship: Kinship, text: str) -> Sieve | None:
    """The list of feedback by that sender, from that address or near it; `None` when empty.

    Addresses are compared only for administrators of the room; for others they raise
    `Missing`.
    """
    if kinship is Kinship.AUTHOR:
        condition, room = matches(Feedback.sender_email, text), room_of(viewer)
    else:
        place = near if kinship is Kinship.NEAR else matches
        condition, room = place(Feedback.sender_ip, text), room_of(viewer, "administer")
    examples = representatives(condition, room, kinship)
    if not examples:
        return None
    return Sieve(shelf=Shelf.ALL, kinship=kinship, examples=tuple(examples))
