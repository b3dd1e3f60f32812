"""What the pages of the policy show: a version, what has changed since, and what is to come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.errors import Missing
from app.core.privacy import Viewer
from app.core.registry import AccountLine, Feed, FeedEntry
from app.core.registry import Figure as Alarm
from app.core.web import Crumb, FeedLink, Meta, absolute, page_meta, page_part

from .clauses import fill_ends
from .differences import paragraphs_of, stretches
from .drift import Drift, drift_of
from .models import PolicyVersion
from .promises.pages import ADDRESS as PROMISES
from .promises.queries import Kept, kept_by_clause
from .queries import (
    CHANGES,
    HOME,
    Edition,
    current_version,
    editions,
    every_version,
    seen_by,
    today,
    version,
)

FEED = FeedLink("Changes of the privacy policy", f"{CHANGES}feed.xml")
#: What stands at the foot of public pages, where there is such a page.
_FOOT = (("Privacy", HOME), ("Your data", "/privacy/my-data/"), ("Trends", "/trends/"))


@dataclass(frozen=True)
class PolicyPage:
    """One version as its page shows it."""

    version: PolicyVersion
    html: Markup
    contents: tuple[tuple[int, str, str], ...]
    drift: tuple[Drift, ...]
    #: What holds instead, when that is another version.
    instead: Edition | None
    pending: tuple[Edition, ...]
    others: tuple[Edition, ...]
    is_pending: bool


@dataclass(frozen=True)
class PolicyFoot:
    """What the foot of every public page says of the policy."""

    links: tuple[tuple[str, str], ...]
    editions: tuple[Edition, ...]

    @property
    def pending(self) -> Edition | None:
        """The next material version, from its announcement until it holds."""
        if not any(each.is_material for each in self.editions[1:]):
            return None
        day = today()
        later = (each for each in self.editions[1:] if each.effective_from > day)
        return next((each for each in later if each.is_material), None)


def policy_foot() -> PolicyFoot:
    """The links of the foot and the versions there are; made once until content changes."""
    versions = editions()
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    links = tuple(
        (label, address)
        for label, address in _FOOT
        if address in known and (address != HOME or versions)
    )
    return PolicyFoot(links, versions)


def account_line(viewer: Viewer) -> AccountLine | None:
    """What a member reads until they have opened the changes since they joined or last saw them."""
    last = max((each.number for each in page_part("policy_foot").editions), default=0)
    if last < 2:
        return None
    seen = seen_by(viewer.id)
    if seen >= last:
        return None
    return AccountLine(
        "The privacy policy has changed since you joined or last looked.",
        "See what changed",
        "/account/policy/",
    )


def alarms(viewer: Viewer) -> list[Alarm]:
    """For owners: figures that differ from the published policy."""
    if not viewer.has_right("own"):
        return []
    version = current_version()
    if version is None:
        return []
    drift = len(drift_of(version))
    label = "Figure other than in the policy" if drift == 1 else "Figures other than in the policy"
    return [Alarm(label, drift, HOME, is_alarm=bool(drift))]


def current_page() -> PolicyPage:
    """The version that holds. Raises `Missing` where none was ever published."""
    found = current_version()
    if found is None:
        raise Missing
    return _page(found)


def version_page(found: PolicyVersion) -> PolicyPage:
    """Any version, as it was published."""
    return _page(found)


def difference_page(first: int, last: int) -> dict[str, Any]:
    """Everything that went and came between two versions. Raises `Missing` for unknown ones."""
    before, after = version(first), version(last)
    found = stretches(paragraphs_of(before.html), paragraphs_of(after.html))
    changed = sum(len(stretch.paragraphs) for stretch in found if not stretch.is_same)
    return {"before": before, "after": after, "stretches": found, "changed": changed}


def changes_page() -> dict[str, Any]:
    """Every version, newest first, with what it changed. Raises `Missing` where there is none."""
    versions = every_version()
    if not versions:
        raise Missing
    holds = _holding(page_part("policy_foot").editions, today())
    return {"versions": versions, "holds": holds.number if holds else 0, "today": today()}


def changes_feed(address: str) -> Feed | None:
    """The feed of versions, newest first."""
    if address != CHANGES:
        return None
    versions = every_version()
    if not versions:
        return None
    name = page_part("site").name
    return Feed(
        title=f"Changes of the privacy policy: {name}",
        description=f"Every version of the privacy policy of {name}, from its announcement.",
        address=CHANGES,
        entries=tuple(_entry(each) for each in versions),
    )


def policy_meta(title: str, address: str, description: str, *, is_home: bool = False) -> Meta:
    """The facts of a page of the policy."""
    above = () if is_home else (Crumb("Privacy policy", HOME),)
    return page_meta(
        Meta(
            title=title,
            canonical=absolute(address),
            description=description,
            breadcrumbs=(Crumb("Home", "/"), *above, Crumb(title)),
            feeds=(FEED,),
        ),
        section=None if is_home else "Privacy policy",
    )


def _entry(each: PolicyVersion) -> FeedEntry:
    items = Markup("").join(Markup("<li>{}</li>").format(change) for change in each.changes)
    day = f"{each.effective_from:%-d %B %Y}"
    html = Markup("<p>Holds from {}.</p><ul>{}</ul>").format(day, items)
    if each.number > 1:
        way = f"{CHANGES}{each.number - 1}..{each.number}/"
        html += Markup('<p><a href="{}">Every changed word</a></p>').format(way)
    return FeedEntry(
        address=each.address,
        title=f"Version {each.number}, from {day}",
        summary=" ".join(each.changes),
        html=html,
        published_at=each.published_at,
        updated_at=each.published_at,
        authors=(),
        tags=(),
    )


def _page(shown: PolicyVersion) -> PolicyPage:
    day = today()
    every = page_part("policy_foot").editions
    holds = _holding(every, day)
    is_current = holds is not None and holds.number == shown.number
    return PolicyPage(
        version=shown,
        html=_filled(shown.html),
        contents=tuple((level, name, text) for level, name, text in shown.contents),
        drift=drift_of(shown) if is_current else (),
        instead=None if is_current else holds,
        pending=tuple(each for each in every if each.effective_from > day),
        others=tuple(each for each in reversed(every) if each.number != shown.number),
        is_pending=shown.effective_from > day,
    )


def _holding(every: tuple[Edition, ...], day: date) -> Edition | None:
    """The newest edition that holds on a day; before any does, the first."""
    held = [each for each in every if each.effective_from <= day]
    return held[-1] if held else next(iter(every), None)


def _filled(html: str) -> Markup:
    """The frozen words, and below each clause what keeps it and how that stands now."""
    under = {f"c{number}": _under(kept) for number, kept in kept_by_clause().items()}
    return Markup(fill_ends(html, under))


def _under(promises: tuple[Kept, ...]) -> str:
    broken = next((kept for kept in promises if kept.problem), None)
    shown = broken or next((kept for kept in promises if kept.is_kept and kept.figure), promises[0])
    link = Markup('<a href="{}#{}">{}</a>').format(
        PROMISES, shown.promise.id, "This is not kept" if broken else "How this is kept"
    )
    words = broken.problem if broken else shown.figure if shown.is_kept else ""
    kind = "clause__kept clause__kept--bad" if broken else "clause__kept"
    return Markup('<p class="{}">{}{}</p>').format(
        kind, link, Markup(": {}").format(words) if words else Markup()
    )
