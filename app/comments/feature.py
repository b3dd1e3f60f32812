"""The card of the conversations."""

from app.core.registry import Feature

from .pages import thread
from .views import bp

FEATURE = Feature(name="comments", blueprints=(bp,), under_post=(thread,))
