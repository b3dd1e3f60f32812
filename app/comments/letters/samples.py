"""What mail about comments looks like with made-up facts, for previews and tests."""

from app.core.registry import MailSample

from .digest import Waiting
from .telling import Reply

_POST = "When to plant tulips"
_PLACE = "/garden/tulips/comments/12/"
_STOP = "/comments/replies/c2FtcGxl/"

SAMPLES = (
    MailSample(
        template="comments/proof",
        facts={"blog": "Garden", "post": _POST, "link": "/comments/proof/c2FtcGxl/", "days": 7},
    ),
    MailSample(
        template="comments/replies",
        facts={
            "blog": "Garden",
            "replies": [
                Reply(name="Bo", text="Mine came up in March, under snow.", link=_PLACE),
                Reply(name="Cleo", text="Plant them deeper next time.", link=_PLACE),
            ],
            "more": 0,
            "unsubscribe": _STOP,
        },
    ),
    MailSample(
        template="comments/published",
        facts={"blog": "Garden", "post": _POST, "link": _PLACE, "unsubscribe": _STOP},
    ),
    MailSample(
        template="comments/refused",
        facts={
            "blog": "Garden",
            "post": _POST,
            "told": "It is about roses. Ask again under a post about roses!",
            "link": "/comments/c2FtcGxl/",
            "unsubscribe": _STOP,
        },
    ),
    MailSample(
        template="comments/digest",
        facts={
            "blog": "Garden",
            "count": 12,
            "oldest": "2 days",
            "comments": [
                Waiting(
                    post=_POST,
                    text="Buy bulbs at half the price, only today.",
                    reason="It has more links than a stranger's comment usually has.",
                    age="2 days",
                    link="/admin/comments/7/",
                ),
                Waiting(
                    post=_POST,
                    text="Does this work on a balcony?",
                    reason="It is the first comment from this address.",
                    age="3 hours",
                    link="/admin/comments/9/",
                ),
            ],
            "queue": "/admin/comments/",
            "unsubscribe": "/comments/digest/1/c2FtcGxl/",
        },
    ),
)
