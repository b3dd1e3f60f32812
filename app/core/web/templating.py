"""What templates may use: facts about the page, the site's named parts, plain filters."""

import json
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined

from app.core.content import ContentCache
from app.core.registry import registry

from .drafts import draft_attributes
from .frame import account_lines, back_field, private_frame, token_field
from .variants import colours, variant
from .viewing import viewer

# Characters that could end the script element a JSON-LD block stands in.
_UNSAFE_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page; the page itself has no address."""

    label: str
    to: str | None = None


@dataclass(frozen=True)
class FeedLink:
    """A feed that readers of the page may want."""

    title: str
    address: str
    type: str = "application/atom+xml"


@dataclass(frozen=True, kw_only=True)
class Meta:
    """A page's facts for browsers, feed readers, search engines and link previews."""

    title: str
    full_title: str = ""
    description: str | None = None
    canonical: str | None = None
    kind: str = "website"
    image: str | None = None
    image_alt: str | None = None
    feeds: tuple[FeedLink, ...] = ()
    breadcrumbs: tuple[Crumb, ...] = ()
    structured: tuple[str, ...] = ()
    robots: str | None = None
    previous: str | None = None
    next: str | None = None


def page_meta(meta: Meta, *, section: str | None = None) -> Meta:
    """The same facts with the whole title, and the breadcrumbs as structured data."""
    site = page_part("site")
    parts = dict.fromkeys(part for part in (meta.title, section, site.name) if part)
    structured = meta.structured
    if len(meta.breadcrumbs) > 1:
        structured = (*structured, structured_data(_crumb_list(meta.breadcrumbs)))
    return replace(meta, full_title=" · ".join(parts), structured=structured)


def structured_data(facts: dict[str, Any]) -> str:
    """Facts as JSON-LD that may stand inside a script element."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_SCRIPT)


def absolute(path: str) -> str:
    """The whole address of a path of this site; whole addresses stay as they are."""
    return current_app.config["BASE_URL"] + path if path.startswith("/") else path


def page_part(name: str) -> Any:
    """A feature's named value for public pages.

    What hangs on content alone is kept until content changes; the rest is made once a
    request at the most.
    """
    parts: _Parts = current_app.extensions["page_parts"]
    if name in parts.of_content:
        return parts.cache.get(name, parts.of_content[name])
    made: dict[str, Any] = g.setdefault("page_parts", {})
    if name not in made:
        made[name] = parts.of_page[name]()
    return made[name]


class Environment(FlaskEnvironment):
    """Jinja as Flask sets it up, with one map of globals for all templates.

    The usual chain of two maps makes each `import` in a template compare all names.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; nobody here gives a template its own."""
        return super().make_globals(d) if d else self.globals


@dataclass(frozen=True)
class _Parts:
    of_content: dict[str, Callable[[], Any]]
    of_page: dict[str, Callable[[], Any]]
    cache: ContentCache


def init_templating(app: Flask) -> None:
    """Set up Jinja: strict about names, tidy about white space."""
    app.jinja_environment = Environment
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
    }
    with app.app_context():
        of_content, of_page = registry().parts("content_parts"), registry().parts("page_parts")
    app.extensions["page_parts"] = _Parts(of_content, of_page, ContentCache())
    app.jinja_env.filters |= {"date": _date, "isodate": _isodate, "moment": _moment}
    app.jinja_env.filters |= {"count": "{:,}".format}
    app.jinja_env.globals |= {"absolute": absolute, "asset": _asset}
    app.jinja_env.globals |= {"private_frame": private_frame, "token_field": token_field}
    app.jinja_env.globals |= {"account_lines": account_lines}
    app.jinja_env.globals |= {"viewer": viewer, "variant": variant, "colours": colours}
    app.jinja_env.globals |= {"back_field": back_field, "draft_attributes": draft_attributes}
    app.context_processor(lambda: {name: page_part(name) for name in of_content})


def _asset(name: str) -> str:
    site = page_part("site")
    return current_app.extensions["assets"].address(name, site.colours)


def _date(moment: date) -> str:
    shown = _in_site_zone(moment)
    return f"{shown.day} {shown:%B %Y}"


def _moment(at: datetime) -> str:
    shown = _in_site_zone(at)
    return f"{shown.day} {shown:%B %Y, %H:%M}"


def _isodate(moment: date) -> str:
    shown = _in_site_zone(moment)
    return shown.isoformat("T", "seconds") if isinstance(shown, datetime) else shown.isoformat()


def _in_site_zone(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(ZoneInfo(page_part("site").timezone))


def _crumb_list(crumbs: tuple[Crumb, ...]) -> dict[str, Any]:
    """https://schema.org/BreadcrumbList"""
    items = [
        {"@type": "ListItem", "position": position, "name": crumb.label}
        | ({"item": absolute(crumb.to)} if crumb.to else {})
        for position, crumb in enumerate(crumbs, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
