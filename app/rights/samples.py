"""Our letters with made-up facts, for previews and tests."""

from app.core.registry import MailSample

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
)
