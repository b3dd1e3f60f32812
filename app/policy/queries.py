"""Which versions there are, and which of them holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import User
from app.core import clock
from app.core.content import keep_note, note_of
from app.core.database import db
from app.core.errors import Missing
from app.core.registry import Location, PublicDocument, registry

from .models import PolicyDraft, PolicyNotice, PolicyOpening, PolicyVersion

SOURCE = "policy.versions"
HOME, CHANGES = "/privacy/", "/privacy/changes/"
#: Large columns that lists do not need.
_LIGHT = sa.orm.defer(PolicyVersion.html), sa.orm.defer(PolicyVersion.plain)


def site_zone() -> ZoneInfo:
    """Where the days of the policy begin."""
    return ZoneInfo(registry().parts("content_parts")["site"]().timezone)


def today() -> date:
    """The day it is where the site is at home."""
    return clock.now().astimezone(site_zone()).date()


def every_version() -> list[PolicyVersion]:
    """All that were published, newest first, without their words."""
    rows = sa.select(PolicyVersion).options(*_LIGHT).order_by(PolicyVersion.number.desc())
    return list(db.session.scalars(rows))


def version(number: int) -> PolicyVersion:
    """A version that was published. Raises `Missing`."""
    found = db.session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == number))
    if found is None:
        raise Missing
    return found


def current_version() -> PolicyVersion | None:
    """The newest version that holds; before any does, the first; `None` where none exists."""
    holds = PolicyVersion.effective_from <= today()
    newest = sa.case((holds, PolicyVersion.number), else_=-PolicyVersion.number).desc()
    return db.session.scalar(sa.select(PolicyVersion).order_by(newest).limit(1))


def pending_versions() -> list[PolicyVersion]:
    """Those that are announced and do not hold yet, the next first."""
    rows = (
        sa.select(PolicyVersion)
        .options(*_LIGHT)
        .where(PolicyVersion.effective_from > today())
        .order_by(PolicyVersion.number)
    )
    return list(db.session.scalars(rows))


def drafts() -> list[PolicyDraft]:
    """What the content folder holds and nobody has published, in its order."""
    published = sa.select(PolicyVersion.number)
    rows = sa.select(PolicyDraft).where(PolicyDraft.number.not_in(published))
    return list(db.session.scalars(rows.order_by(PolicyDraft.number)))


def seen_by(user_id: int) -> int:
    """The newest version whose changes an account has opened, else the newest it joined under.

    0 for an account that is older than the first version.
    """
    opened = sa.select(PolicyOpening.number).where(PolicyOpening.user_id == user_id)
    joined = sa.select(User.created_at).where(User.id == user_id).scalar_subquery()
    newest = sa.select(sa.func.max(PolicyVersion.number)).where(
        PolicyVersion.published_at <= joined
    )
    both = sa.func.coalesce(opened.scalar_subquery(), newest.scalar_subquery(), 0)
    return int(db.session.scalar(sa.select(both)) or 0)


def told_of(number: int) -> int:
    """How many accounts were sent word of a version."""
    rows = sa.select(sa.func.count(PolicyNotice.id)).where(PolicyNotice.number == number)
    return db.session.scalar(rows) or 0


@dataclass(frozen=True)
class Edition:
    """The little that every page needs of a version."""

    number: int
    effective_from: date
    is_material: bool


def editions() -> tuple[Edition, ...]:
    """Every version, the first first, as noted when the newest was published."""
    return tuple(
        Edition(number, date.fromisoformat(day), is_material)
        for number, day, is_material in note_of(SOURCE) or ()
    )


def note_editions(session: Session) -> None:
    """Note for every page which versions there are."""
    columns = (PolicyVersion.number, PolicyVersion.effective_from, PolicyVersion.is_material)
    rows = session.execute(sa.select(*columns).order_by(PolicyVersion.number))
    keep_note(session, SOURCE, [[number, day.isoformat(), big] for number, day, big in rows])


def policy_locations() -> Iterator[Location]:
    """The policy, its versions and the list of changes, for the sitemap."""
    versions = every_version()
    if not versions:
        return
    for address in (HOME, CHANGES, *(each.address for each in versions)):
        at = next((each.published_at for each in versions if each.address == address), None)
        yield Location(address=address, changed_at=at or versions[0].published_at)


def policy_fingerprints() -> Mapping[int, str]:
    """The digest of every version."""
    rows = db.session.execute(sa.select(PolicyVersion.number, PolicyVersion.html_sha256))
    return {row.number: row.html_sha256 for row in rows}


def policy_documents(numbers: Iterable[int]) -> Iterator[PublicDocument]:
    """Versions as search finds them: each while it holds."""
    ends = {each.number: each.effective_from for each in editions()}
    rows = sa.select(PolicyVersion).where(PolicyVersion.number.in_(list(numbers)))
    for each in db.session.scalars(rows):
        following = [day for number, day in ends.items() if number > each.number]
        yield PublicDocument(
            source=SOURCE,
            source_id=each.number,
            digest=each.html_sha256,
            address=HOME,
            section="Pages",
            title="Privacy policy",
            summary=" ".join(each.changes),
            body=each.plain,
            visible_from=midnight(each.effective_from),
            visible_until=midnight(min(following)) if following else None,
        )


def midnight(day: date) -> datetime:
    """When a day begins where the site is at home."""
    return datetime.combine(day, time(), site_zone()).astimezone(UTC)
