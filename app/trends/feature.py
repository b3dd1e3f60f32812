"""The card of the trends."""

from datetime import timedelta

from app.core.registry import Check, Feature, Job, NavItem

from . import admin_views, views
from .checks import as_published, reports_are_frozen, thresholds_hold, totals_only
from .commands import trends
from .counting import counting_layer
from .ending import turn_months
from .publishing import feed_of, figures, locations

FEATURE = Feature(
    name="trends",
    blueprints=(views.bp, admin_views.bp),
    fronts=(counting_layer,),
    commands=(trends,),
    jobs=(Job(name="trends.turn_months", every=timedelta(hours=1), run=turn_months),),
    feeds=(feed_of,),
    sitemap=(locations,),
    admin_nav=(NavItem("Trends", "admin_trends.index", "own", icon="chart", place=65),),
    dashboard=(figures,),
    checks=(Check("trends", reports_are_frozen),),
    promise_checks={
        "no-row-per-request": totals_only,
        "same-numbers-everywhere": as_published,
        "trends-thresholds": thresholds_hold,
    },
)
