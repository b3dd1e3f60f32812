"""The card of the accounts."""

from datetime import timedelta

from app.core.registry import Category, Cookie, Feature, Job, MailSample, NavItem

from . import account_views, owner_views, views
from .commands import accounts
from .current import current
from .doorway import DEVICE, REMEMBER, SESSION
from .founding import greeting
from .sessions import LONGEST_STAY, load_viewer
from .tidying import tidy

_LINK = {"link": "/account/link/an-example/"}
_NAMED = {"username": "ada"}

FEATURE = Feature(
    name="accounts",
    blueprints=(views.bp, views.well_known, account_views.bp, owner_views.bp, current),
    commands=(accounts,),
    load_viewer=load_viewer,
    greetings=(greeting,),
    jobs=(Job(name="accounts tidy", every=timedelta(hours=1), run=tidy),),
    cookies=(
        Cookie(
            name=SESSION,
            category=Category.NECESSARY,
            purpose="Keeps you signed in until you close the browser, for 12 hours at most.",
            life=None,
        ),
        Cookie(
            name=REMEMBER,
            category=Category.PREFERENCES,
            purpose="Keeps you signed in for 30 days, because you ticked that box.",
            life=LONGEST_STAY,
        ),
        Cookie(
            name=DEVICE,
            category=Category.NECESSARY,
            purpose="Recognises this browser, so that others' wrong guesses do not slow you down.",
            life=timedelta(days=180),
        ),
    ),
    account_nav=(
        NavItem(label="Profile", endpoint="account.profile", icon="user", place=10),
        NavItem(label="Email", endpoint="account.email", icon="mail", place=20),
        NavItem(label="Security", endpoint="account.security", icon="key", place=30),
        NavItem(label="Privacy", endpoint="account.privacy", icon="shield", place=90),
    ),
    mails=(
        MailSample(template="accounts/welcome", facts=_NAMED | _LINK),
        MailSample(template="accounts/already", facts=_NAMED | _LINK),
        MailSample(template="accounts/nobody", facts={}),
        MailSample(template="accounts/log_in", facts=_NAMED | _LINK),
        MailSample(template="accounts/reset", facts=_NAMED | _LINK),
        MailSample(template="accounts/password_changed", facts=_NAMED),
        MailSample(template="accounts/new_device", facts=_NAMED | {"device": "Firefox on Linux"}),
        MailSample(template="accounts/new_email", facts=_NAMED | _LINK),
        MailSample(template="accounts/email_changed", facts=_NAMED),
        MailSample(template="accounts/new_owner", facts=_NAMED),
        MailSample(template="accounts/closed", facts=_NAMED),
    ),
)
