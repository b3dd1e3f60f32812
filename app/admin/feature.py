"""The card of the administration."""

from app.core.registry import Feature, NavItem

from . import mail_views, upkeep_views
from .views import bp

FEATURE = Feature(
    name="admin",
    blueprints=(bp, mail_views.bp, upkeep_views.bp),
    admin_nav=(
        NavItem("Overview", "admin.dashboard", ("moderate", "own"), icon="chart", place=10),
        NavItem(
            "Mail",
            "admin_mail.index",
            "own",
            icon="mail",
            place=70,
        ),
        NavItem("Retention", "upkeep.show_retention", "own", icon="clock", place=75),
        NavItem("Health", "upkeep.show_health", "own", icon="shield", place=76),
        NavItem("Audit log", "admin.audit", ("administer", "own"), icon="book", place=80),
    ),
)
