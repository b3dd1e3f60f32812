"""The card of the conversations."""

from app.core.registry import Feature

FEATURE = Feature(name="comments")
