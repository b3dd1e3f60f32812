"""Short signatures for what goes out in a page and must come back unchanged."""

import hmac

from flask import current_app


def sign(use: str, message: str) -> str:
    """The signature of a message, for one use only; it means nothing for another."""
    return hmac.digest(_key(use), message.encode("utf-8", "replace"), "sha256")[:16].hex()


def is_signed(use: str, message: str, signature: str) -> bool:
    """Whether the signature is ours, told in the same time for any wrong one."""
    return hmac.compare_digest(sign(use, message).encode(), signature.encode("utf-8", "replace"))


def _key(use: str) -> bytes:
    return hmac.digest(str(current_app.secret_key).encode(), use.encode(), "sha256")
