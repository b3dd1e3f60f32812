"""The card of moderation."""

from datetime import timedelta

from app.core.registry import Feature, Job

from .screening import drop_old_traces

FEATURE = Feature(
    name="moderation",
    jobs=(Job(name="traces", every=timedelta(days=1), run=drop_old_traces),),
)
