"""What the pages of moderators list. Each query is given the blogs that are the viewer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from app.accounts import Membership, Role
from app.blog import Blog
from app.core import clock
from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Viewer, masked
from app.core.registry import registry

from .kinds import ItemLine
from .models import Ban, Scope, Trust
from .records import Complaint, Decision, Outcome, Report, SavedReply

PAGE = 50
ENDED_SHOWN = 20


def blogs_of(viewer: Viewer, right: str) -> list[Blog]:
    """The blogs on which somebody holds a right, by title."""
    return list(
        db.session.scalars(
            sa.select(Blog).where(Blog.id.in_(viewer.blogs(right))).order_by(Blog.title, Blog.id)
        )
    )


def titles_of(viewer: Viewer) -> dict[int, str]:
    """The titles of the blogs that somebody moderates, by number."""
    return {blog.id: blog.title for blog in blogs_of(viewer, "moderate")}


def blog_for(viewer: Viewer, slug: str, right: str) -> Blog:
    """One of those blogs; raises `Missing` for any other, whether it exists or not."""
    for blog in blogs_of(viewer, right):
        if blog.slug == slug:
            return blog
    raise Missing


def first_blog(viewer: Viewer, right: str) -> Blog:
    """The blog that a page without a choice is about; raises `Missing` for nobody's."""
    for blog in blogs_of(viewer, right):
        return blog
    raise Missing


@dataclass(frozen=True)
class Listed:
    """A ban or an entry of trust, with as much of whom it is about as the viewer may see."""

    row: Any
    whom: str


def bans_for(viewer: Viewer, *, running: bool) -> list[Listed]:
    """The bans that hold now, those that end first in front; or the last that have ended."""
    now = clock.now()
    holds = sa.and_(Ban.lifted_at.is_(None), Ban.ends_at > now)
    found = sa.select(Ban).where(Ban.blog_id.in_(viewer.blogs("moderate")))
    if running:
        found = found.where(holds).order_by(Ban.ends_at, Ban.id)
    else:
        found = found.where(~holds).order_by(Ban.id.desc()).limit(ENDED_SHOWN)
    return [Listed(row, _masked_ban(row, viewer)) for row in db.session.scalars(found)]


def ban_for(viewer: Viewer, ban_id: int) -> Ban:
    """One ban on the viewer's blogs; raises `Missing`."""
    found = db.session.get(Ban, ban_id)
    if found is None or not viewer.moderates(found.blog_id):
        raise Missing
    return found


def reply_for(viewer: Viewer, reply_id: int) -> SavedReply:
    """One saved reply on the viewer's blogs; raises `Missing`."""
    found = db.session.get(SavedReply, reply_id)
    if found is None or not viewer.moderates(found.blog_id):
        raise Missing
    return found


def trusted_for(viewer: Viewer, *, before: int | None = None) -> list[Listed]:
    """Who is trusted, the newest first; one more than a page tells that there are more."""
    found = (
        sa.select(Trust)
        .where(Trust.blog_id.in_(viewer.blogs("moderate")), Trust.revoked_at.is_(None))
        .order_by(Trust.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        found = found.where(Trust.id < before)
    return [Listed(row, masked(row, "email")) for row in db.session.scalars(found)]


@dataclass(frozen=True)
class LogFilters:
    """Which decisions the log shows; all of it is in the address."""

    blog: int | None = None
    who: int | None = None
    to: str = ""
    #: Everything of one act.
    act: UUID | None = None
    before: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The filters of an address; what makes no sense narrows nothing down."""
        to = given.get("to", "")
        return cls(
            blog=number_in(given.get("blog")),
            who=number_in(given.get("who")),
            to=to if to.isascii() and to.isalpha() else "",
            act=_uuid(given.get("act")),
            before=number_in(given.get("before")),
        )

    def address(self, **changes: Any) -> str:
        """The query of the same filters with some changed, from the newest entry on."""
        asked = replace(self, **{"before": None} | changes)
        return urlencode({name: value for name, value in vars(asked).items() if value})


def decisions_for(viewer: Viewer, filters: LogFilters) -> list[Decision]:
    """A page of the log, the newest first; one more than a page tells that there are more."""
    blogs = viewer.blogs("moderate")
    found = sa.select(Decision).where(Decision.blog_id.in_(blogs)).order_by(Decision.id.desc())
    if filters.blog:
        found = found.where(Decision.blog_id == filters.blog)
    if filters.who:
        found = found.where(Decision.actor_id == filters.who)
    if filters.to:
        found = found.where(Decision.to_state == filters.to)
    if filters.act:
        found = found.where(Decision.batch == filters.act)
    if filters.before:
        found = found.where(Decision.id < filters.before)
    return list(db.session.scalars(found.limit(PAGE + 1)))


def deciders_for(viewer: Viewer) -> set[int]:
    """Who may decide on the viewer's blogs, by number; asked of roles, as the log has no end."""
    found = sa.select(Membership.user_id).where(
        Membership.blog_id.in_(viewer.blogs("moderate")), Membership.role != Role.AUTHOR
    )
    return set(db.session.scalars(found.distinct()))


def open_report_count(viewer: Viewer) -> int:
    """How many reports on the viewer's blogs wait for an answer; the number in the menu."""
    waiting = sa.select(sa.func.count()).select_from(Report).where(_is_open(viewer))
    return db.session.scalar(waiting) or 0


def reports_for(viewer: Viewer) -> list[Report]:
    """The reports that wait, the oldest first; those about something illegal before all others."""
    found = (
        sa.select(Report)
        .where(_is_open(viewer))
        .order_by(Report.complaint != Complaint.ILLEGAL, Report.id)
    )
    return list(db.session.scalars(found.limit(PAGE)))


def report_for(viewer: Viewer, report_id: int) -> Report:
    """One report on the viewer's blogs; raises `Missing`."""
    found = db.session.get(Report, report_id)
    if found is None or not viewer.moderates(found.blog_id):
        raise Missing
    return found


def items_of(rows: Sequence[Decision | Report]) -> dict[UUID, ItemLine]:
    """The items that decisions or reports are about, in one line each, if they are still there."""
    found: dict[UUID, ItemLine] = {}
    for kind in registry().every("moderated"):
        found |= kind.items([row.item_uid for row in rows if row.kind == kind.name])
    return found


def number_in(text: str | None) -> int | None:
    """The number that a part of an address is; `None` for none, and for one no row has."""
    is_number = text and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if text and is_number else None


def _is_open(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Report.blog_id.in_(viewer.blogs("moderate")), Report.outcome == Outcome.OPEN)


def _masked_ban(row: Ban, viewer: Viewer) -> str:
    """An email's mask is for moderators too; no part of an address is."""
    if row.scope is Scope.EMAIL:
        return masked(row, "email")
    return masked(row, "ip") if viewer.administers(row.blog_id) else ""


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
