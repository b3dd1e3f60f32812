"""The card of the conversations."""

from datetime import timedelta

from app.accounts import account_closed
from app.core.registry import Feature, Job, NavItem, Period
from app.moderation import address_proved

from .commands import comments, privacy
from .desk.case_views import bp as case_bp
from .desk.headlines import figures, is_of_blogs, waiting
from .desk.moderated import MODERATED
from .desk.undoing import forget_words
from .desk.views import bp as list_bp
from .erasing import erase_comments
from .leaving import forget_name
from .letters import choice_views
from .letters import views as mail_views
from .letters.digest import write_digests
from .letters.objecting import stop_notices
from .letters.proofs import mark_proved
from .letters.samples import SAMPLES
from .letters.telling import forget_old, tell_owed
from .pages import thread
from .status_views import bp as own_bp
from .tidying import count_unpublished, drop_unpublished, repair_threads
from .views import bp

FEATURE = Feature(
    name="comments",
    blueprints=(bp, own_bp, list_bp, case_bp, mail_views.bp, choice_views.bp),
    under_post=(thread,),
    admin_nav=(
        NavItem(
            label="Comments",
            endpoint="comments_admin.index",
            right="moderate",
            count=waiting,
            is_for=is_of_blogs,
            icon="message",
            place=10,
        ),
    ),
    account_nav=(
        NavItem(
            label="Mail about the queue",
            endpoint="mail_choices.index",
            right="moderate",
            icon="mail",
            place=50,
        ),
    ),
    dashboard=(figures,),
    jobs=(
        Job(name="comments.notices", every=timedelta(minutes=1), run=tell_owed),
        Job(name="comments.digest", every=timedelta(minutes=5), run=write_digests),
        Job(name="comments.forget_notices", every=timedelta(days=1), run=forget_old),
        Job(name="comments.forget_words", every=timedelta(minutes=10), run=forget_words),
        Job(name="comments.repair", every=timedelta(days=1), run=repair_threads),
    ),
    periods=(
        Period(
            name="comments.unpublished",
            title="Comments that nobody may read",
            keep="KEEP_UNPUBLISHED_DAYS",
            count=count_unpublished,
            end=drop_unpublished,
        ),
    ),
    listeners={account_closed: forget_name, address_proved: mark_proved},
    mails=SAMPLES,
    mail_stops=(stop_notices,),
    commands=(comments, privacy),
    moderated=(MODERATED,),
    erasers=(erase_comments,),
)
