"""The card of the policy."""

import re
from datetime import timedelta

from app.core.content import ContentKind
from app.core.registry import Feature, Job

from .promises.checking import check_promises
from .promises.commands import promises
from .promises.facts import CHECKS
from .promises.health import CHECK
from .promises.pages import figures, promise_locations
from .promises.reading import apply_promises, read_promises, remove_promises
from .promises.views import bp as promise_pages
from .recipients import (
    apply_recipients,
    read_recipients,
    recipients_are_listed,
    remove_recipients,
)
from .record.commands import privacy

FEATURE = Feature(
    name="policy",
    blueprints=(promise_pages,),
    content_kinds=(
        ContentKind(
            name="promises",
            pattern=re.compile(r"policy/promises\.toml"),
            prepare=read_promises,
            apply=apply_promises,
            remove=remove_promises,
        ),
        ContentKind(
            name="processors",
            pattern=re.compile(r"policy/processors\.toml"),
            prepare=read_recipients,
            apply=apply_recipients,
            remove=remove_recipients,
        ),
    ),
    commands=(promises, privacy),
    checks=(CHECK,),
    jobs=(Job(name="policy.check_promises", every=timedelta(days=1), run=check_promises),),
    promise_checks={**CHECKS, "listed-recipients": recipients_are_listed},
    sitemap=(promise_locations,),
    dashboard=(figures,),
)
