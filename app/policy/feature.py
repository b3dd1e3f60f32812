"""The card of the policy."""

import re
from datetime import timedelta

from app.core.content import ContentKind
from app.core.registry import Check, Feature, Job, MailSample, SearchSource

from .commands import policy
from .drift import drift_found, figures_hold, policy_stands, start_problem
from .notices import MAIL, send_notices
from .pages import account_line, alarms, changes_feed, policy_foot
from .promises.checking import check_promises
from .promises.commands import promises
from .promises.facts import CHECKS, address_in_backups_longer
from .promises.health import CHECK
from .promises.pages import figures, promise_locations
from .promises.reading import apply_promises, read_promises, remove_promises
from .promises.views import bp as promise_pages
from .publishing import apply_draft, publish_first, remove_draft
from .queries import SOURCE, policy_documents, policy_fingerprints, policy_locations
from .reading import read_draft
from .recipients import (
    apply_recipients,
    read_recipients,
    recipients_are_listed,
    remove_recipients,
)
from .record.commands import privacy
from .views import account_bp, bp

OWN_CHECKS = {"policy-frozen": policy_stands, "policy-drift": figures_hold}

FEATURE = Feature(
    name="policy",
    blueprints=(bp, account_bp, promise_pages),
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
        ContentKind(
            name="policy",
            pattern=re.compile(r"policy/\d{4}\.md"),
            prepare=read_draft,
            apply=apply_draft,
            remove=remove_draft,
            settle=publish_first,
        ),
    ),
    commands=(policy, promises, privacy),
    checks=(CHECK, Check("policy", drift_found)),
    jobs=(
        Job(name="policy.check_promises", every=timedelta(days=1), run=check_promises),
        Job(name="policy.notices", every=timedelta(minutes=10), run=send_notices),
    ),
    account_lines=(account_line,),
    feeds=(changes_feed,),
    mails=(
        MailSample(
            template=MAIL,
            facts={
                "username": "ada",
                "day": "24 December 2026",
                "changes": ["Addresses are kept for a shorter time."],
                "link_to": "/privacy/changes/1..2/",
            },
        ),
    ),
    promise_checks={**CHECKS, "listed-recipients": recipients_are_listed, **OWN_CHECKS},
    policy_values={"backups.address_longer": address_in_backups_longer},
    content_parts={"policy_foot": policy_foot},
    sitemap=(policy_locations, promise_locations),
    search=(
        SearchSource(name=SOURCE, fingerprints=policy_fingerprints, documents=policy_documents),
    ),
    start_checks=(start_problem,),
    dashboard=(alarms, figures),
)
