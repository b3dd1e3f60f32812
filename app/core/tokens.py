"""Random tokens: the holder has the text, we keep its hash."""

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from app.core.privacy import signing_key

#: Longer texts are no tokens of ours.
LONGEST = 100


@dataclass(frozen=True)
class Token:
    """A fresh secret of 256 bits, to be given away once, and what is kept of it."""

    text: str
    hash: bytes

    def __repr__(self) -> str:
        return "Token(•••)"


def new_token() -> Token:
    """A token nobody can guess."""
    text = secrets.token_urlsafe(32)
    return Token(text, hash_of(text))


def own_token(use: str, uid: uuid.UUID) -> Token:
    """The token of one row, which can be given to its owner again.

    Made of the row's own random name and a key outside the database.
    """
    digest = hmac.digest(signing_key(use), uid.bytes, "sha256")
    text = urlsafe_b64encode(digest).decode().rstrip("=")
    return Token(text, hash_of(text))


def hash_of(text: str) -> bytes:
    """What is kept of a token. Plain SHA-256 will do: 256 random bits cannot be searched."""
    return hashlib.sha256(text[:LONGEST].encode("utf-8", "replace")).digest()
