"""The private address of a comment: a secret that only its author gets, kept as a hash."""

from app.core.tokens import own_token

from .models import Comment


def new_token(comment: Comment) -> str:
    """The secret of a comment's private page, 256 bits; its hash is stored with the comment.

    The same secret can be given again to somebody whose first answer got lost.
    """
    token = own_token("comment", comment.uid)
    comment.status_token_hash = token.hash
    return token.text


def status_address(token: str) -> str:
    """The private page of a comment."""
    return f"/comments/{token}/"
