"""The card of the accounts."""

from datetime import timedelta

from app.core.registry import Category, Cookie, Feature, Job, MailSample, NavItem, Period

from . import (
    account_views,
    agreement_views,
    factor_views,
    invitation_views,
    owner_views,
    passkey_views,
    people_views,
    step_views,
    views,
)
from .browsers import CEREMONY
from .closing import erase_account
from .commands import accounts
from .current import current
from .doorway import DEVICE, REMEMBER, SESSION
from .first_look import steps_left
from .founding import greeting
from .links import LIFE, Purpose
from .passkeys import CHALLENGE_LIFE
from .sessions import LONGEST_STAY, load_viewer
from .tidying import (
    LONGEST_UNSEEN,
    count_sessions,
    count_unproved,
    forget_sessions,
    forget_unproved,
    tidy,
)
from .unused import (
    close_unused,
    count_promises,
    count_unused,
    forget_promises,
    warn_unused,
)

_LINK = {"link": "/account/link/an-example/"}
_NAMED = {"username": "ada"}

FEATURE = Feature(
    name="accounts",
    blueprints=(
        *(views.bp, views.well_known, account_views.bp, owner_views.bp, current),
        *(step_views.bp, factor_views.bp, passkey_views.bp, agreement_views.bp),
        *(people_views.bp, invitation_views.bp),
    ),
    commands=(accounts,),
    load_viewer=load_viewer,
    erasers=(erase_account,),
    greetings=(greeting,),
    jobs=(
        Job(name="accounts tidy", every=timedelta(hours=1), run=tidy),
        Job(name="accounts.warn_unused", every=timedelta(days=1), run=warn_unused),
    ),
    periods=(
        Period(
            name="accounts.unused",
            title="Accounts that nobody signs in to",
            keep="KEEP_UNUSED_ACCOUNT_DAYS",
            count=count_unused,
            end=close_unused,
        ),
        Period(
            name="accounts.promises",
            title="Promises of people who left",
            keep="KEEP_AUDIT_DETAIL_DAYS",
            count=count_promises,
            end=forget_promises,
        ),
        Period(
            name="accounts.unproved",
            title="Accounts that were only asked for",
            keep=LIFE[Purpose.SIGN_UP],
            count=count_unproved,
            end=forget_unproved,
        ),
        Period(
            name="accounts.sign_ins",
            title="Sign-ins",
            keep=LONGEST_STAY,
            count=count_sessions,
            end=forget_sessions,
        ),
    ),
    cookies=(
        Cookie(
            name=SESSION,
            category=Category.NECESSARY,
            purpose="Keeps you signed in until you close the browser, for 12 hours at most.",
            life=None,
            read_by="pages behind a log-in",
        ),
        Cookie(
            name=REMEMBER,
            category=Category.PREFERENCES,
            purpose="Keeps you signed in for 30 days, because you ticked that box.",
            life=LONGEST_STAY,
            has_own_box=True,
            read_by="pages behind a log-in",
        ),
        Cookie(
            name=DEVICE,
            category=Category.NECESSARY,
            purpose="Recognises this browser, so that others' wrong guesses do not slow you down.",
            life=LONGEST_UNSEEN,
            read_by="the log-in",
        ),
        Cookie(
            name=CEREMONY,
            category=Category.NECESSARY,
            purpose="Ties a log-in with a passkey to this browser until it is done.",
            life=CHALLENGE_LIFE,
            read_by="the log-in with a passkey",
        ),
    ),
    account_nav=(
        NavItem(label="Profile", endpoint="account.profile", icon="user", place=10),
        NavItem(label="Email", endpoint="account.email", icon="mail", place=20),
        NavItem(label="Security", endpoint="account.security", icon="key", place=30),
        NavItem(label="Second factor", endpoint="second_factor.show", icon="lock", place=32),
        NavItem(label="Agreement", endpoint="agreement.show", icon="file", place=40),
    ),
    admin_nav=(
        NavItem(
            label="People",
            endpoint="people.index",
            right=("own", "administer"),
            icon="users",
            place=70,
        ),
    ),
    dashboard=(steps_left,),
    mails=(
        MailSample(template="accounts/welcome", facts=_LINK),
        MailSample(template="accounts/already", facts=_LINK),
        MailSample(template="accounts/nobody", facts={}),
        MailSample(template="accounts/log_in", facts=_NAMED | _LINK),
        MailSample(template="accounts/reset", facts=_NAMED | _LINK),
        MailSample(template="accounts/password_changed", facts=_NAMED),
        MailSample(template="accounts/new_device", facts=_NAMED | {"device": "Firefox on Linux"}),
        MailSample(template="accounts/new_email", facts=_LINK),
        MailSample(template="accounts/email_changed", facts=_NAMED),
        MailSample(template="accounts/new_owner", facts=_NAMED),
        MailSample(
            template="accounts/security_changed",
            facts=_NAMED | {"what": "An authenticator app was added as your second factor."},
        ),
        MailSample(
            template="accounts/invitation",
            facts={
                "blog": "The garden",
                "role": "administrator",
                "inviter": "otto",
                "link_to": "/account/invitation/an-example/",
            },
        ),
        MailSample(
            template="accounts/role_changed",
            facts=_NAMED | {"blog": "The garden", "meaning": "is an author: signs posts"},
        ),
        MailSample(template="accounts/disabled", facts=_NAMED),
        MailSample(
            template="accounts/unused",
            facts=_NAMED | {"ends_on": "24 December 2026", "link": "/account/log-in/"},
        ),
        MailSample(template="accounts/closed", facts=_NAMED | {"is_unused": True}),
        MailSample(template="accounts/closed", facts=_NAMED | {"is_unused": False}),
    ),
    left_out_of_backups={
        "sessions": "sign-ins that were ended would live again",
        "known_devices": "browsers that were forgotten would be known again",
        "links": "mailed links that were used or replaced would open again",
        "challenges": "they last for minutes",
        "throttles": "how often somebody guessed is forgotten within days",
    },
)
