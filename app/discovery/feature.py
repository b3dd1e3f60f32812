"""The card of search, feeds and the sitemap."""

from datetime import timedelta

from app.core.content import content_synced
from app.core.privacy import forget_deleted_words
from app.core.registry import Feature, Job
from app.feedback import feedback_published, feedback_withdrawn

from .services import on_content_synced, on_feedback_changed, refresh_index
from .views import bp

FEATURE = Feature(
    name="discovery",
    blueprints=(bp,),
    listeners={
        content_synced: on_content_synced,
        feedback_published: on_feedback_changed,
        feedback_withdrawn: on_feedback_changed,
    },
    # Content changes refresh the index at once; this mends what an interruption left undone.
    jobs=(
        Job(name="discovery.index", every=timedelta(minutes=10), run=refresh_index),
        Job(name="discovery.forget", every=timedelta(hours=1), run=forget_deleted_words),
    ),
)
