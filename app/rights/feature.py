"""The card of self-service."""

from datetime import timedelta

from app.core.registry import Feature, Job

from . import link_views, views
from .answering import answer_requests
from .samples import SAMPLES
from .tidying import tidy

FEATURE = Feature(
    name="rights",
    blueprints=(views.bp, link_views.bp),
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
)
