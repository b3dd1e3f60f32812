"""The private address of a feedback: a secret that only its sender gets, kept as a hash."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from app.core.privacy import signing_key

from .models import Feedback


def new_token(feedback: Feedback) -> str:
    """The secret of a feedback's private page, 256 bits; its hash is stored with the feedback.

    Made of the row's own random name and a key outside the database, so that the same
    secret can be given again in a later mail.
    """
    digest = hmac.digest(signing_key("feedback-link"), feedback.uid.bytes, "sha256")
    token = urlsafe_b64encode(digest).decode().rstrip("=")
    feedback.link_token_hash = token_hash(token)
    return token


def token_hash(token: str) -> bytes:
    """What the database holds of a secret."""
    return sha256(token.encode("utf-8", "replace")).digest()


def own_address(token: str) -> str:
    """The private page of a feedback."""
    return f"/feedback/mine/{token}/"
