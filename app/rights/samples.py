"""Our letters with made-up facts, for previews and tests."""

from datetime import UTC, datetime

from app.core.registry import MailSample

from .outcomes import Left
from .wishes import WORDING, Wish

SAMPLES = (
    MailSample(
        template="rights/link",
        facts={
            "link": "/privacy/my-data/an-example/",
            "purpose": WORDING[Wish.SEE].purpose,
        },
    ),
    MailSample(template="rights/nothing", facts={}),
    MailSample(
        template="rights/erased",
        facts={
            "removed": [("Comments", 3), ("Feedback and messages", 1)],
            "kept": [
                Left(
                    what="keyed hashes of your address",
                    why="a restored backup does not bring back what was erased",
                    until=datetime(2026, 12, 24, tzinfo=UTC),
                ),
                Left(
                    what="commitments in the audit chain, which hold nothing of yours",
                    why="nobody can change the record of looks unnoticed",
                    event="for good",
                ),
            ],
            "backups_until": datetime(2026, 12, 24, tzinfo=UTC),
        },
    ),
)
