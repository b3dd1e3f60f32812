"""The private address of a feedback: a secret that only its sender gets, kept as a hash."""

from app.core.tokens import own_token

from .models import Feedback


def new_token(feedback: Feedback) -> str:
    """The secret of a feedback's private page, 256 bits; its hash is stored with the feedback.

    The same secret can be given again in a later mail.
    """
    token = own_token("feedback-link", feedback.uid)
    feedback.link_token_hash = token.hash
    return token.text


def own_address(token: str) -> str:
    """The private page of a feedback."""
    return f"/feedback/mine/{token}/"
