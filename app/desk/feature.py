"""The card of the desk."""

from app.accounts import account_closed
from app.core.registry import Feature, MailSample

from .digests import stop_digests
from .leaving import forget_choices

FEATURE = Feature(
    name="desk",
    listeners={account_closed: forget_choices},
    mail_stops=(stop_digests,),
    mails=(
        MailSample(
            template="desk/many_looks",
            facts={"who": "mira", "most": 30, "blog": "Garden", "audit": "/admin/audit/"},
        ),
    ),
)
