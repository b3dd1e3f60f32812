"""Short signatures for what goes out in a page and must come back unchanged."""

import hmac

from app.core.privacy import signing_key, signing_keys


def sign(use: str, message: str) -> str:
    """The signature of a message, for one use only; it means nothing for another."""
    return _signature(signing_key(use), message)


def is_signed(use: str, message: str, signature: str) -> bool:
    """Whether the signature is ours, by the key at work or one before it."""
    given = signature.encode("utf-8", "replace")
    return any(
        hmac.compare_digest(_signature(key, message).encode(), given) for key in signing_keys(use)
    )


def _signature(key: bytes, message: str) -> str:
    return hmac.digest(key, message.encode("utf-8", "replace"), "sha256")[:16].hex()
