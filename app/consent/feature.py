"""The card of the cookie choices."""

from datetime import timedelta

from app.core.registry import Feature, Job

from .pages import banner
from .receipts import end_receipts
from .seen import seen_layer
from .terms import CHOICE, RECEIPT, SEEN, choice_of
from .views import bp
from .visits import figures

FEATURE = Feature(
    name="consent",
    blueprints=(bp,),
    cookies=(CHOICE, RECEIPT, SEEN),
    variant=lambda headers: choice_of(headers).variant,
    allows=lambda headers, category: choice_of(headers).allows(category),
    fronts=(seen_layer,),
    content_parts={"cookie_question": banner},
    dashboard=(figures,),
    jobs=(Job(name="consent.end_receipts", every=timedelta(days=1), run=end_receipts),),
)
