"""The card of self-service."""

from datetime import timedelta

from app.core.registry import Feature, Job, NavItem

from . import link_views, own_views, views
from .answering import answer_requests
from .samples import SAMPLES
from .tidying import tidy
from .totals import tallies
from .watching import CHECKS, everybody_is_answered, figures

FEATURE = Feature(
    name="rights",
    blueprints=(views.bp, link_views.bp, own_views.bp),
    account_nav=(NavItem(label="Privacy", endpoint="own_data.index", icon="shield", place=90),),
    jobs=(
        Job(
            name="rights.answer",
            every=timedelta(seconds=10),
            every_in_development=timedelta(seconds=1),
            run=answer_requests,
        ),
        Job(name="rights.tidy", every=timedelta(minutes=1), run=tidy),
    ),
    mails=SAMPLES,
    transparency=(tallies,),
    dashboard=(figures,),
    promise_checks={"same-answer": everybody_is_answered},
    checks=CHECKS,
    left_out_of_backups={
        "rights_links": "a mailed link that was used would work again",
        "rights_requests": "what was asked for would be answered twice",
        "rights_counts": "counts of a day that is over",
    },
)
