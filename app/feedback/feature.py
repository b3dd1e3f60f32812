"""The card of feedback."""

from app.core.registry import Feature, NavItem, SearchSource

from .desk import item_views, publish_views, views
from .desk.headlines import figures, is_of_room, waiting
from .desk.moderated import MODERATED
from .wall.publishing import SOURCE, card_documents, feed_of, wall_locations
from .wall.queries import card_fingerprints, home_quotes
from .wall.views import bp as wall

FEATURE = Feature(
    name="feedback",
    blueprints=(wall, views.bp, item_views.bp, publish_views.bp),
    page_parts={"home_quotes": home_quotes},
    feeds=(feed_of,),
    sitemap=(wall_locations,),
    search=(SearchSource(name=SOURCE, fingerprints=card_fingerprints, documents=card_documents),),
    admin_nav=(
        NavItem(
            label="Feedback",
            endpoint="feedback_admin.index",
            right="moderate",
            count=waiting,
            is_for=is_of_room,
            icon="mail",
            place=11,
        ),
    ),
    dashboard=(figures,),
    moderated=(MODERATED,),
)
