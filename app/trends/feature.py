"""The card of the trends."""

from app.core.registry import Feature

from .counting import counting_layer

FEATURE = Feature(
    name="trends",
    fronts=(counting_layer,),
)
