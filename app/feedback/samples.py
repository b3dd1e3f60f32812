"""What letters about feedback look like with made-up facts, for previews and tests."""

from app.core.registry import MailSample

_PAGE = "/feedback/mine/c2FtcGxl/"
_FACTS = {"number": 12, "page": _PAGE, "take_back": f"{_PAGE}withdraw/"}

SAMPLES = (
    MailSample(
        template="feedback/digest",
        facts={
            "blog": "Feedback",
            "count": 4,
            "held": 3,
            "agreed": 1,
            "oldest": "2 days",
            "queue": "/admin/feedback/",
            "unsubscribe": "/comments/digest/1/c2FtcGxl/",
        },
    ),
    MailSample(template="feedback/proof", facts={"link": "/feedback/proof/c2FtcGxl/", "days": 7}),
    *(
        MailSample(template=f"feedback/{name}", facts=_FACTS)
        for name in (
            *("receipt", "published", "answered"),
            *("ask_publish", "ask_wording", "ask_renewal"),
        )
    ),
)
