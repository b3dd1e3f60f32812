"""What the pages of the policy show: a version, what has changed since, and what is to come."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from markupsafe import Markup

from app.core.errors import Missing
from app.core.web import Crumb, FeedLink, Meta, absolute, page_meta, page_part

from .clauses import fill_ends
from .drift import Drift, drift_of
from .models import PolicyVersion
from .promises.pages import ADDRESS as PROMISES
from .promises.queries import Kept, kept_by_clause
from .queries import CHANGES, HOME, Edition, current_version, editions, today

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


def current_page() -> PolicyPage:
    """The version that holds. Raises `Missing` where none was ever published."""
    found = current_version()
    if found is None:
        raise Missing
    return _page(found)


def version_page(found: PolicyVersion) -> PolicyPage:
    """Any version, as it was published."""
    return _page(found)


def policy_meta(title: str, address: str, description: str, *, is_home: bool = False) -> Meta:
    """The facts of a page of the policy."""
    above = () if is_home else (Crumb("Privacy policy", HOME),)
    return page_meta(
        Meta(
            title=title,
            canonical=absolute(address),
            description=description,
            breadcrumbs=(Crumb("Home", "/"), *above, Crumb(title)),
            feeds=(),
        ),
        section=None if is_home else "Privacy policy",
    )


def _page(version: PolicyVersion) -> PolicyPage:
    day = today()
    every = page_part("policy_foot").editions
    holds = _holding(every, day)
    is_current = holds is not None and holds.number == version.number
    return PolicyPage(
        version=version,
        html=_filled(version.html),
        contents=tuple((level, name, text) for level, name, text in version.contents),
        drift=drift_of(version) if is_current else (),
        instead=None if is_current else holds,
        pending=tuple(each for each in every if each.effective_from > day),
        others=tuple(each for each in reversed(every) if each.number != version.number),
        is_pending=version.effective_from > day,
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
