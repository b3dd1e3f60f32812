"""The card of the administration."""

from app.core.registry import Feature, NavItem

from . import mail_views
from .views import bp

FEATURE = Feature(
    name="admin",
    blueprints=(bp, mail_views.bp),
    admin_nav=(
        NavItem("Overview", "admin.dashboard", ("moderate", "own"), icon="chart", place=10),
        NavItem(
            "Mail",
            "admin_mail.index",
            "own",
            icon="mail",
            place=70,
        ),
        NavItem("Audit log", "admin.audit", ("administer", "own"), icon="book", place=80),
    ),
)
