"""The card of feedback."""

from datetime import timedelta

from app.core.registry import Feature, Job, NavItem, SearchSource
from app.moderation import address_proved

from .commands import feedback
from .contact.pages import letter
from .contact.views import bp as contact
from .desk import asking_views, entry_views, item_views, publish_views, views
from .desk.digest import write_digests
from .desk.headlines import figures, is_of_room, waiting
from .desk.moderated import MODERATED
from .erasing import erase_sender
from .expiring import ask_again, end_expired
from .letters import mark_proved
from .own.views import bp as own
from .samples import SAMPLES
from .verifying import cards_are_agreed, watch_cards
from .views import bp as sending
from .wall.publishing import SOURCE, card_documents, feed_of, wall_locations
from .wall.queries import card_fingerprints, home_quotes
from .wall.views import bp as wall

FEATURE = Feature(
    name="feedback",
    blueprints=(
        *(wall, sending, contact, own),
        *(views.bp, item_views.bp, publish_views.bp, asking_views.bp, entry_views.bp),
    ),
    page_parts={"home_quotes": home_quotes, "contact_letter": letter},
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
    jobs=(
        Job(name="feedback.digest", every=timedelta(minutes=5), run=write_digests),
        Job(name="feedback.ask_again", every=timedelta(days=1), run=ask_again),
        Job(name="feedback.end_expired", every=timedelta(minutes=10), run=end_expired),
        Job(name="feedback.watch", every=timedelta(days=1), run=watch_cards),
    ),
    promise_checks={"published-with-consent": cards_are_agreed},
    listeners={address_proved: mark_proved},
    mails=SAMPLES,
    commands=(feedback,),
    moderated=(MODERATED,),
    erasers=(erase_sender,),
)
