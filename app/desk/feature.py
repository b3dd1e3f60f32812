"""The card of the desk."""

from app.core.registry import Feature, MailSample

FEATURE = Feature(
    name="desk",
    mails=(
        MailSample(
            template="desk/many_looks",
            facts={"who": "mira", "most": 30, "blog": "Garden", "audit": "/admin/audit/"},
        ),
    ),
)
