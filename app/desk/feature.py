"""The card of the desk."""

from app.core.registry import Feature, MailSample

from .digests import stop_digests

FEATURE = Feature(
    name="desk",
    mail_stops=(stop_digests,),
    mails=(
        MailSample(
            template="desk/many_looks",
            facts={"who": "mira", "most": 30, "blog": "Garden", "audit": "/admin/audit/"},
        ),
    ),
)
