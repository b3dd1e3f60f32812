"""How features plug in: each hands over one card, and engines ask for a slot of all cards."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import click
from flask import Blueprint, Flask, current_app
from werkzeug.datastructures import Headers

from app.core.slots import Check as Check
from app.core.slots import Finding as Finding


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that repeats on its own. Running it twice, or late, must do no harm."""

    name: str
    every: timedelta
    run: Callable[[], object]
    #: How often in development, where a person waits for the result.
    every_in_development: timedelta | None = None
    #: Whether each machine has turns of its own, for work on its own files.
    on_every_machine: bool = False


@dataclass(frozen=True, kw_only=True)
class PublicDocument:
    """Something a reader may find by searching."""

    source: str
    source_id: int
    digest: str
    address: str
    section: str
    title: str
    summary: str
    body: str
    visible_from: datetime
    visible_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """A feature's searchable documents: cheap fingerprints of all, and the full text of some.

    `fingerprints()` maps each id to a digest that changes when the document does;
    `documents(ids)` yields those documents.
    """

    name: str
    fingerprints: Callable[[], Mapping[int, str]]
    documents: Callable[[Iterable[int]], Iterator[PublicDocument]]


@dataclass(frozen=True, kw_only=True)
class Location:
    """One address for the sitemap; `changed_at` is when its content last changed."""

    address: str
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One item of a feed; `html` is safe and complete, with absolute addresses."""

    address: str
    title: str
    summary: str
    html: str
    published_at: datetime
    updated_at: datetime
    authors: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A list of entries that readers subscribe to, newest first."""

    title: str
    description: str
    address: str
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True)
class Section:
    """A part that a feature puts under a post; `values` are for its template."""

    name: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Category(enum.StrEnum):
    """What a cookie is for. There is none for marketing, so none can be switched on."""

    NECESSARY = "necessary"
    PREFERENCES = "preferences"
    MEASUREMENT = "measurement"


#: Those that a visitor is asked about.
OPTIONAL = (Category.PREFERENCES, Category.MEASUREMENT)


@dataclass(frozen=True)
class Cookie:
    """A cookie this product may set; one that is not declared cannot be.

    `name` is without the prefix that the running site adds where it is secure.
    A `life` of `None` ends with the browser's session.
    """

    name: str
    category: Category
    purpose: str
    life: timedelta | None
    path: str = "/"
    #: Which part of the product looks at it; completes "Read by ...".
    read_by: str = ""
    set_by: str = "this site"
    #: Ticking that box is the visitor's yes to this cookie, whatever was answered elsewhere.
    has_own_box: bool = False


@dataclass(frozen=True)
class NavItem:
    """One line of a private menu, for those who have one of the rights; none is everybody.

    `count(viewer)` answers how many things wait there; it is asked once a page. `is_for(viewer)`
    may leave the line out for somebody whose right has nothing to do with it.
    """

    label: str
    endpoint: str
    right: str | tuple[str, ...] | None = None
    count: Callable[[Any], int] | None = None
    is_for: Callable[[Any], bool] | None = None
    icon: str = "file"
    #: Lower stands first.
    place: int = 50


@dataclass(frozen=True)
class Figure:
    """One number of the dashboard and the page where it comes from."""

    label: str
    value: str | int
    to: str
    is_alarm: bool = False


@dataclass(frozen=True)
class Tally:
    """How often people did something themselves in one month, for the transparency report.

    `what` is `exports` or `erasures`, `month` the first day of it. A tally names nobody, and
    only those of months that are over are published.
    """

    what: str
    month: date
    count: int


@dataclass(frozen=True)
class MailSample:
    """A mail's template and facts to show it with."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What the check of a promise found: a figure of today, and what is wrong if anything is.

    Both are sentences for everybody to read, without a word about any person.
    """

    figure: str = ""
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Feature:
    """The card of one feature: everything it adds to the product, in one place."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    #: `core.content.ContentKind`s, in the order in which they must be read.
    content_kinds: tuple[Any, ...] = ()
    jobs: tuple[Job, ...] = ()
    commands: tuple[click.Command, ...] = ()
    #: {signal of a lower floor: function(sender, **facts)}.
    listeners: Mapping[Any, Callable[..., None]] = field(default_factory=dict)
    #: Named values for the templates of public pages; called when a template uses them.
    page_parts: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    #: The same for values that change only when content does; made once until then.
    content_parts: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    #: A mapped class with few rows that every page needs: `core.content.content_rows()`.
    content_rows: tuple[Any, ...] = ()
    search: tuple[SearchSource, ...] = ()
    sitemap: tuple[Callable[[], Iterator[Location]], ...] = ()
    #: function(address of a list page) -> Feed, or None when the address is not its own.
    feeds: tuple[Callable[[str], Feed | None], ...] = ()
    #: function(post) -> Section of the function's own name, in the order the post's page shows.
    under_post: tuple[Callable[[Any], Section], ...] = ()
    #: The endpoint asked, with the `path`, for an address that no rule took; one feature's only.
    fallback: tuple[str, ...] = ()
    #: Converters for addresses that only this feature can recognise.
    converters: Mapping[str, Any] = field(default_factory=dict)
    #: function(value of the session cookie) -> `core.privacy.Viewer` or None; one feature's only.
    load_viewer: Callable[[str], Any] | None = None
    cookies: tuple[Cookie, ...] = ()
    #: function(headers of a request) -> the one word by which public pages differ between
    #: visitors; one feature's only.
    variant: Callable[[Headers], str] | None = None
    #: function(headers, category) -> whether the visitor agreed to it; one feature's only.
    allows: Callable[[Headers, Category], bool] | None = None
    #: function(app) -> what makes a WSGI layer: it stands around everything that keeps pages.
    fronts: tuple[Callable[[Flask], Callable[[Any], Any]], ...] = ()
    admin_nav: tuple[NavItem, ...] = ()
    account_nav: tuple[NavItem, ...] = ()
    #: function(viewer) -> the numbers that viewer should know of.
    dashboard: tuple[Callable[[Any], list[Figure]], ...] = ()
    mails: tuple[MailSample, ...] = ()
    #: function() -> tallies for the transparency report, in one statement.
    transparency: tuple[Callable[[], Iterable[Tally]], ...] = ()
    #: `moderation.ModeratedKind`s: what is judged, and what its keeper can tell about it.
    moderated: tuple[Any, ...] = ()
    #: {table: why none of its rows is in a backup}, such as sign-ins, which would live again.
    left_out_of_backups: Mapping[str, str] = field(default_factory=dict)
    #: {id of a promise in `content/policy/promises.toml`: function() -> how it stands now}.
    promise_checks: Mapping[str, Callable[[], Outcome]] = field(default_factory=dict)
    #: function() -> a line that `flask serve` prints when the site is ready, or `None`.
    greetings: tuple[Callable[[], str | None], ...] = ()
    #: What `flask doctor` asks about, in the order it tells.
    checks: tuple[Check, ...] = ()


class Registry:
    """All cards of the running product, in the order of `app/features.py`."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self.features = tuple(features)

    def every(self, slot: str) -> Iterator[Any]:
        """Each entry of a tuple slot, over all features in their order."""
        for feature in self.features:
            yield from getattr(feature, slot)

    def parts(self, slot: str) -> dict[str, Callable[[], Any]]:
        """Every named part of a slot; a name belongs to one feature only."""
        found: dict[str, Callable[[], Any]] = {}
        for feature in self.features:
            given: Mapping[str, Callable[[], Any]] = getattr(feature, slot)
            clash = found.keys() & given.keys()
            if clash:
                raise ValueError(f"the part {clash.pop()!r} is given twice")
            found.update(given)
        return found

    @property
    def load_viewer(self) -> Callable[[str], Any] | None:
        """How a session cookie becomes a viewer; `None` when no feature knows."""
        return self._only("load_viewer", "viewers are loaded by one feature only")

    @property
    def variant(self) -> Callable[[Headers], str] | None:
        """How public pages differ between visitors; `None` when they are all the same."""
        return self._only("variant", "pages vary by one feature only")

    @property
    def allows(self) -> Callable[[Headers, Category], bool] | None:
        """What visitors agreed to; `None` when nobody asks them."""
        return self._only("allows", "visitors are asked by one feature only")

    def _only(self, slot: str, problem: str) -> Any:
        given = [getattr(feature, slot) for feature in self.features]
        given = [function for function in given if function]
        if len(given) > 1:
            raise ValueError(problem)
        return given[0] if given else None

    def install(self, app: Flask) -> None:
        """Give the app each feature's converters, blueprints, commands and listeners."""
        app.extensions["registry"] = self
        for feature in self.features:
            app.url_map.converters.update(feature.converters)
        for blueprint in self.every("blueprints"):
            app.register_blueprint(blueprint)
        for command in self.every("commands"):
            app.cli.add_command(command)
        for feature in self.features:
            for signal, listener in feature.listeners.items():
                signal.connect(listener, weak=False)


def registry() -> Registry:
    """The registry of the app at work."""
    return current_app.extensions["registry"]
