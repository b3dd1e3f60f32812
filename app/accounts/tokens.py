"""Random tokens: the holder has the text, we keep its hash."""

import hashlib
import secrets
from dataclasses import dataclass

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


def hash_of(text: str) -> bytes:
    """What is kept of a token. Plain SHA-256 will do: 256 random bits cannot be searched."""
    return hashlib.sha256(text[:LONGEST].encode("utf-8", "replace")).digest()
