"""What the slots of a card hold: jobs, feeds, cookies, lines of menus, checks, and the like."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from flask import current_app

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What a check found, for whoever runs the site: a sentence, and what to type against it.

    Neither may hold anything about a person: findings are printed, kept and shown.
    """

    state: State
    sentence: str
    fix: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that `flask doctor` and the daily look at the site's health ask about.

    `run` reads and never changes anything. One that raises counts as failed.
    """

    name: str
    run: Callable[[], Finding]


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
class Period:
    """Rows that go as a whole, by a rule that no declaration of a column can say.

    `count(at)` answers how many are held and how many of them are due at that moment; `end()`
    takes those that are due now, in batches, and answers how many. Twice changes nothing.
    """

    name: str
    #: What they are called where people read it.
    title: str
    #: A setting in days, or a length of time.
    keep: str | timedelta
    count: Callable[[datetime], tuple[int, int]]
    end: Callable[[], int]

    def lasts(self) -> timedelta:
        """How long they are kept here."""
        if isinstance(self.keep, timedelta):
            return self.keep
        return timedelta(days=current_app.config[self.keep])


@dataclass(frozen=True)
class AccountLine:
    """Something a member should know of, and the button that has them see it."""

    sentence: str
    label: str
    action: str
