"""The card of self-service."""

from datetime import timedelta

from app.core.registry import Feature, Job

from .tidying import tidy

FEATURE = Feature(
    name="rights",
    jobs=(Job(name="rights.tidy", every=timedelta(minutes=1), run=tidy),),
)
