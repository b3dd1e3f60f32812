"""The card of feedback."""

from app.core.registry import Feature

FEATURE = Feature(name="feedback")
