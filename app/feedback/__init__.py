"""Feedback: private when it is sent, public only while its sender and an administrator agree.

Others read `published_cards` and `card_of`, and listen to `feedback_published` and
`feedback_withdrawn`, which are sent after the commit with the `number` of the feedback.
"""

from .cards import CardView, Published, card_of, published_cards
from .signals import feedback_published, feedback_withdrawn

__all__ = [
    "CardView",
    "Published",
    "card_of",
    "feedback_published",
    "feedback_withdrawn",
    "published_cards",
]
