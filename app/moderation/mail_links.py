"""Addresses in mail: each names one row and one thing, and is signed for that."""

import hmac
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode

from app.core.errors import Gone
from app.core.privacy import signing_key, signing_keys

_MAC = 16


class LinkOver(Gone):
    """A link of a mail that means nothing any more, or never did."""

    title = "This link no longer works"
    message = "It was shortened on its way, or what it was about is gone."
    advice = "Open the mail again and follow the whole link."


def token_for(use: str, name: uuid.UUID) -> str:
    """The part of an address that lets its holder do one thing to one row."""
    return urlsafe_b64encode(name.bytes + _mac(signing_key(use), name.bytes)).decode().rstrip("=")


def name_in(use: str, token: str) -> uuid.UUID:
    """The row that a token of that use names. Raises `LinkOver` for anything else."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (ValueError, UnicodeEncodeError):
        raise LinkOver from None
    name, mac = whole[:16], whole[16:]
    if len(mac) != _MAC or not any(
        hmac.compare_digest(_mac(key, name), mac) for key in signing_keys(use)
    ):
        raise LinkOver
    return uuid.UUID(bytes=name)


def _mac(key: bytes, name: bytes) -> bytes:
    return hmac.digest(key, name, "sha256")[:_MAC]
