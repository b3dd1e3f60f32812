"""The card of the conversations."""

from datetime import timedelta

from app.core.registry import Feature, Job, NavItem

from .admin_pages import figures, waiting
from .admin_views import bp as list_bp
from .case_views import bp as case_bp
from .pages import thread
from .status_views import bp as own_bp
from .tidying import drop_unpublished, repair_threads
from .undoing import forget_steps
from .views import bp

FEATURE = Feature(
    name="comments",
    blueprints=(bp, own_bp, list_bp, case_bp),
    under_post=(thread,),
    admin_nav=(
        NavItem(
            label="Comments",
            endpoint="comments_admin.index",
            right="moderate",
            count=waiting,
            icon="message",
            place=10,
        ),
    ),
    dashboard=(figures,),
    jobs=(
        Job(name="comments.forget_steps", every=timedelta(minutes=10), run=forget_steps),
        Job(name="comments.drop", every=timedelta(days=1), run=drop_unpublished),
        Job(name="comments.repair", every=timedelta(days=1), run=repair_threads),
    ),
)
