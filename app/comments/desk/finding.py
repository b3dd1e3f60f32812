"""Finding comments by an exact email or address, which are compared under seal."""

from app.core.privacy import Viewer, matches, near
from app.desk import Kinship

from ..models import Comment
from .queries import representatives
from .sieve import Sieve


def find(viewer: Viewer, kinship: Kinship, text: str) -> Sieve | None:
    """The list of comments by that author, from that address or near it; `None` when empty.

    The list names comments that are examples, never what was typed. Emails are compared on
    blogs the viewer moderates, addresses only where they administer. Raises `ValueError`
    for what cannot be an email or an address.
    """
    if kinship is Kinship.AUTHOR:
        condition, blogs = matches(Comment.author_email, text), viewer.blogs("moderate")
    elif kinship is Kinship.ADDRESS:
        condition, blogs = matches(Comment.author_ip, text), viewer.blogs("administer")
    else:
        condition, blogs = near(Comment.author_ip, text), viewer.blogs("administer")
    examples = representatives(condition, blogs, kinship)
    if not examples:
        return None
    return Sieve(state=None, kinship=kinship, examples=tuple(examples))
