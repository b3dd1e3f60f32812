"""The dashboard, composed of every feature's numbers and the machinery's."""

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from app.core import clock
from app.core.privacy import Viewer, count_entries
from app.core.registry import Figure, registry

from . import queries
from .audit import own_scope
from .queries import Check, ContentProblem, Machinery
from .words import LOOK

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Dashboard:
    """What somebody should know of now; a moderator is told nothing of the machinery."""

    figures: tuple[Figure, ...]
    checks: tuple[Check, ...] = ()
    problems: tuple[ContentProblem, ...] = ()
    mail: Machinery | None = None


def dashboard_for(viewer: Viewer) -> Dashboard:
    """The numbers a viewer may see; those of the machinery are not a moderator's."""
    figures = tuple(figure for give in registry().every("dashboard") for figure in give(viewer))
    if not (viewer.has_right("administer") or viewer.has_right("own")):
        return Dashboard(figures)

    checks, mail = tuple(queries.failing_checks()), queries.machinery()
    problems = tuple(queries.content_problems()) if mail.bad_files else ()
    desk = "/admin/mail/" if viewer.has_right("own") else "#mail"
    audit = url_for("admin.audit", what="looks")
    week = "at personal data this week"
    own = (
        _figure(_looks_of_the_week(viewer), f"Look {week}", f"Looks {week}", audit),
        _figure(len(checks), "Check that fails", "Checks that fail", "#checks", checks),
        _figure(
            len(problems),
            "Content file with a problem",
            "Content files with a problem",
            "#content",
            problems,
        ),
        _figure(mail.waiting, "Mail on its way", "Mails on their way", desk, mail.is_stuck),
        _figure(mail.given_up, "Mail given up", "Mails given up", desk, mail.given_up),
    )
    kept = _upkeep_figures() if viewer.has_right("own") else ()
    return Dashboard((*figures, *own, *kept), checks, problems, mail)


def _upkeep_figures() -> tuple[Figure, ...]:
    stands = queries.upkeep()
    shelf, told = url_for("upkeep.show_retention"), url_for("upkeep.show_health")
    return (
        _figure(stands.due, "Deletion due", "Deletions due", shelf, stands.late),
        _figure(stands.failed, "Finding on health", "Findings on health", told, stands.failed),
    )


def _figure(number: int, one: str, many: str, to: str, alarm: object = None) -> Figure:
    return Figure(one if number == 1 else many, number, to, is_alarm=bool(alarm))


def _looks_of_the_week(viewer: Viewer) -> int:
    wanted = own_scope(viewer)
    wanted["kinds"] = (LOOK,)
    wanted["since"] = clock.now() - WEEK
    return count_entries(**wanted)
