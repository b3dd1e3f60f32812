"""The card of moderation."""

from datetime import timedelta

from app.core.registry import Feature, Job, NavItem

from .admin_views import bp
from .log_views import bp as log_bp
from .screening import drop_old_traces

FEATURE = Feature(
    name="moderation",
    blueprints=(bp, log_bp),
    admin_nav=(
        NavItem("Rules", "moderation.words", "administer", icon="shield", place=20),
        NavItem("Bans", "moderation.bans", "moderate", icon="lock", place=21),
        NavItem("Trust", "moderation.trusted", "moderate", icon="user", place=22),
        NavItem("Decisions", "moderation_log.decisions", "moderate", icon="clock", place=23),
        NavItem("How it goes", "moderation_log.figures", "moderate", icon="chart", place=24),
        NavItem("Saved replies", "moderation_log.replies", "moderate", icon="file", place=25),
    ),
    jobs=(Job(name="traces", every=timedelta(days=1), run=drop_old_traces),),
)
