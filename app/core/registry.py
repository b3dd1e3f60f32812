"""How features plug in: each hands over one card, and engines ask for a slot of all cards."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import click
from flask import Blueprint, Flask, current_app
from werkzeug.datastructures import Headers

from .slots import (
    OPTIONAL,
    AccountLine,
    Category,
    Check,
    Cookie,
    Feed,
    FeedEntry,
    Figure,
    Finding,
    Job,
    Location,
    MailSample,
    NavItem,
    Outcome,
    Period,
    PublicDocument,
    SearchSource,
    Section,
    Tally,
)

__all__ = [
    "OPTIONAL",
    "AccountLine",
    "Category",
    "Check",
    "Cookie",
    "Feature",
    "Feed",
    "FeedEntry",
    "Figure",
    "Finding",
    "Job",
    "Location",
    "MailSample",
    "NavItem",
    "Outcome",
    "Period",
    "PublicDocument",
    "Registry",
    "SearchSource",
    "Section",
    "Tally",
    "registry",
]


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
    #: function() -> samples in the Prometheus text format; no label holds anybody's words.
    metrics: tuple[Callable[[], Iterable[str]], ...] = ()
    mails: tuple[MailSample, ...] = ()
    #: function(person) -> how much mail to them it stopped: notices, digests, topics.
    mail_stops: tuple[Callable[[Any], int], ...] = ()
    #: function() -> tallies for the transparency report, in one statement.
    transparency: tuple[Callable[[], Iterable[Tally]], ...] = ()
    #: `moderation.ModeratedKind`s: what is judged, and what its keeper can tell about it.
    moderated: tuple[Any, ...] = ()
    #: function(`core.privacy.Erasure`): what becomes of rows of a person who is erased, where their
    #: columns cannot say it: a place in a thread, a card, an account. Declarations do the rest.
    erasers: tuple[Callable[[Any], None], ...] = ()
    #: {table: why none of its rows is in a backup}, such as sign-ins, which would live again.
    left_out_of_backups: Mapping[str, str] = field(default_factory=dict)
    #: {id of a promise in `content/policy/promises.toml`: function() -> how it stands now}.
    promise_checks: Mapping[str, Callable[[], Outcome]] = field(default_factory=dict)
    #: function() -> a line that `flask serve` prints when the site is ready, or `None`.
    greetings: tuple[Callable[[], str | None], ...] = ()
    #: What `flask doctor` asks about, in the order it tells.
    checks: tuple[Check, ...] = ()
    #: What the retention run ends besides the columns that declare a period.
    periods: tuple[Period, ...] = ()
    #: function() -> a sentence that says why the site must not start, or `None`.
    start_checks: tuple[Callable[[], str | None], ...] = ()
    #: Figures for the privacy policy, `{{ policy.<name> }}`, that no setting or column decides.
    policy_values: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    #: function(viewer) -> a line for the front page of the member's own pages, or `None`.
    account_lines: tuple[Callable[[Any], AccountLine | None], ...] = ()


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
            _add_command(app.cli, command)
        for feature in self.features:
            for signal, listener in feature.listeners.items():
                signal.connect(listener, weak=False)


def _add_command(cli: click.Group, command: click.Command) -> None:
    """Several features may add verbs to one noun."""
    known = cli.commands.get(command.name or "")
    if isinstance(known, click.Group) and isinstance(command, click.Group):
        for verb in command.commands.values():
            known.add_command(verb)
    else:
        cli.add_command(command)


def registry() -> Registry:
    """The registry of the app at work."""
    return current_app.extensions["registry"]
