"""The card of the ground: what repeats by itself whatever else is installed."""

from datetime import timedelta

from app.core.backup import BACKUP_CHECKS, copy_out, figures, make_daily, metric_lines
from app.core.doctor import GROUND_CHECKS, look_and_store
from app.core.limits import forget_old_counters
from app.core.mail import MAIL_CHECKS, erase_letters, send_due, tidy
from app.core.privacy import (
    ERASURE_CHECKS,
    PRIVACY_CHECKS,
    erasures_are_done,
    erasures_are_remembered,
    retention_lines,
    scrub_waiting,
    sweep,
    tell_keys,
    tend_keys,
    watch_chain,
)
from app.core.registry import Feature, Job
from app.core.web import WEB_CHECKS, RowNumber

FEATURE = Feature(
    name="core",
    converters={"int": RowNumber},
    jobs=(
        Job(
            name="mail.send",
            every=timedelta(seconds=5),
            every_in_development=timedelta(seconds=1),
            run=send_due,
        ),
        Job(name="limits.tidy", every=timedelta(minutes=15), run=forget_old_counters),
        Job(name="retention", every=timedelta(hours=6), run=sweep),
        Job(name="erasures.scrub", every=timedelta(minutes=1), run=scrub_waiting),
        Job(name="erasures.keep", every=timedelta(hours=1), run=copy_out, on_every_machine=True),
        Job(name="keys.tend", every=timedelta(days=1), run=tend_keys, on_every_machine=True),
        Job(name="keys.tell", every=timedelta(days=1), run=tell_keys, on_every_machine=True),
        Job(name="audit.watch", every=timedelta(days=1), run=watch_chain, on_every_machine=True),
        Job(name="backup", every=timedelta(days=1), run=make_daily),
        Job(name="mail.tidy", every=timedelta(hours=1), run=tidy, on_every_machine=True),
        Job(name="doctor", every=timedelta(days=1), run=look_and_store, on_every_machine=True),
    ),
    erasers=(erase_letters,),
    promise_checks={
        "erase-everywhere": erasures_are_done,
        "restore-keeps-erasures": erasures_are_remembered,
    },
    checks=(
        *PRIVACY_CHECKS,
        *ERASURE_CHECKS,
        *GROUND_CHECKS,
        *MAIL_CHECKS,
        *WEB_CHECKS,
        *BACKUP_CHECKS,
    ),
    dashboard=(figures,),
    metrics=(metric_lines, retention_lines),
    left_out_of_backups={
        "job_turns": "every job is due after a restore",
        "findings": "each machine looks at itself anew",
        "key_holders": "each machine tells anew which keys it has",
        "limit_counters": "how often something was done is forgotten within days",
        "outbox": "what was due has been sent, or would be sent a second time",
    },
)
