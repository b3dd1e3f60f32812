"""The card of the administration."""

from app.core.registry import Feature, NavItem

from .views import bp

FEATURE = Feature(
    name="admin",
    blueprints=(bp,),
    admin_nav=(
        NavItem("Overview", "admin.dashboard", ("moderate", "own"), icon="chart", place=10),
        NavItem("Audit log", "admin.audit", ("administer", "own"), icon="book", place=80),
    ),
)
