"""The card of legal demands and the transparency report."""

from datetime import timedelta

from app.core.registry import Feature, Job, NavItem

from .commands import privacy
from .facts import CHECKS
from .letters import SAMPLES, tell_those_named
from .pages import figures
from .public_views import bp as report
from .published import mail_head
from .views import bp as register

FEATURE = Feature(
    name="disclosures",
    blueprints=(register, report),
    admin_nav=(
        NavItem(
            "Legal demands",
            "disclosures.index",
            ("own", "administer"),
            icon="shield",
            place=75,
        ),
    ),
    dashboard=(figures,),
    jobs=(
        Job(name="disclosures.tell", every=timedelta(hours=6), run=tell_those_named),
        Job(name="audit.mail", every=timedelta(days=1), run=mail_head),
    ),
    commands=(privacy,),
    mails=SAMPLES,
    promise_checks=CHECKS,
)
