"""The card of feedback."""

from app.core.registry import Feature, SearchSource

from .wall.publishing import SOURCE, card_documents, feed_of, wall_locations
from .wall.queries import card_fingerprints, home_quotes
from .wall.views import bp as wall

FEATURE = Feature(
    name="feedback",
    blueprints=(wall,),
    page_parts={"home_quotes": home_quotes},
    feeds=(feed_of,),
    sitemap=(wall_locations,),
    search=(SearchSource(name=SOURCE, fingerprints=card_fingerprints, documents=card_documents),),
)
