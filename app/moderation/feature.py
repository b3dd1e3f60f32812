"""The card of moderation."""

from datetime import timedelta

from app.core.registry import Feature, Job, MailSample, NavItem

from .admin_views import bp
from .answers import tell_reporters
from .claims import drop_claims
from .commands import moderation
from .erasing import drop_bare_bans, erase_bans
from .log_views import bp as log_bp
from .queries import open_report_count
from .report_views import bp as reports_bp
from .screening import drop_old_traces
from .sorting import forget_lost, learn, sort_waiting

_NO = "5E1F0A77C2"

FEATURE = Feature(
    name="moderation",
    blueprints=(bp, log_bp, reports_bp),
    admin_nav=(
        NavItem(
            "Reports",
            "moderation_reports.index",
            "moderate",
            count=open_report_count,
            icon="scale",
            place=15,
        ),
        NavItem("Rules", "moderation.words", "administer", icon="shield", place=20),
        NavItem("Bans", "moderation.bans", "moderate", icon="lock", place=21),
        NavItem("Trust", "moderation.trusted", "moderate", icon="user", place=22),
        NavItem("Decisions", "moderation_log.decisions", "moderate", icon="clock", place=23),
        NavItem("How it goes", "moderation_log.figures", "moderate", icon="chart", place=24),
        NavItem("Saved replies", "moderation_log.replies", "moderate", icon="file", place=25),
    ),
    jobs=(
        Job(name="moderation.traces", every=timedelta(days=1), run=drop_old_traces),
        Job(name="moderation.answers", every=timedelta(minutes=5), run=tell_reporters),
        Job(name="moderation.learn", every=timedelta(minutes=1), run=learn),
        Job(name="moderation.sort", every=timedelta(minutes=1), run=sort_waiting),
        Job(name="moderation.claims", every=timedelta(hours=1), run=drop_claims),
        Job(name="moderation.bans", every=timedelta(days=1), run=drop_bare_bans),
        Job(name="moderation.unlearn", every=timedelta(days=1), run=forget_lost),
    ),
    commands=(moderation,),
    erasers=(erase_bans,),
    mails=(
        MailSample("moderation/report", {"blog": "Garden", "reference": _NO, "is_upheld": True}),
        MailSample("moderation/report", {"blog": "Garden", "reference": _NO, "is_upheld": False}),
    ),
)
