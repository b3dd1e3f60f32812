"""The private address of a comment: a secret that only its author gets, kept as a hash."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from app.core.privacy import signing_key

from .models import Comment


def new_token(comment: Comment) -> str:
    """The secret of a comment's private page, 256 bits; its hash is stored with the comment.

    Made of the comment's own random name and a key outside the database, so that the same
    secret can be given again to somebody whose first answer got lost.
    """
    digest = hmac.digest(signing_key("comment"), comment.uid.bytes, "sha256")
    token = urlsafe_b64encode(digest).decode().rstrip("=")
    comment.status_token_hash = token_hash(token)
    return token


def token_hash(token: str) -> bytes:
    """What the database holds of a secret."""
    return sha256(token.encode("utf-8", "replace")).digest()


def status_address(token: str) -> str:
    """The private page of a comment."""
    return f"/comments/{token}/"
