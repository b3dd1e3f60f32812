"""One declaration beside each column: what is personal, why it is held, and who may see it."""

import enum
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from flask import current_app, has_app_context
from markupsafe import Markup, escape
from sqlalchemy.orm import MappedColumn, mapped_column

from app.core.config import Config
from app.core.database import Model

from .sealed import SealedBytes

INTEREST = "6(1)(f)"


class Audience(enum.StrEnum):
    """Who may see a value."""

    PUBLIC = "public"
    SUBJECT = "subject"
    BLOG_ADMINS = "blog_admins"
    BLOG_TEAM = "blog_team"
    NOBODY = "nobody"


PUBLIC, SUBJECT, BLOG_ADMINS, BLOG_TEAM, NOBODY = Audience

_SEEN_BY = {
    PUBLIC: "Seen by everybody",
    SUBJECT: "Seen by you only",
    BLOG_ADMINS: "Seen by the administrators of {place} only",
    BLOG_TEAM: "Seen by those who moderate {place} only",
    NOBODY: "Seen by nobody",
}


@dataclass(frozen=True, kw_only=True)
class Personal:
    """What a column holds about a person. One without purpose, audience and period cannot exist."""

    kind: str
    #: Completes "so that ...".
    why: str
    opens_for: Audience
    #: A length of time, the name of a setting in days, or `None` with a written `until`.
    keep: timedelta | str | None
    until: str | None = None
    #: Stable name under which the value is sealed; a renamed column keeps it.
    seal: str | None = None
    subject: str = "commenter"
    basis: str = INTEREST
    interest: str | None = None
    source: str = "given"
    recipients: tuple[str, ...] = ()
    #: The column that the period counts from, here or in another table.
    clock: str = "created_at"
    #: The column that holds when the period ends, where that was fixed with the row.
    ends: str | None = None
    #: A later row with the same value in the first of these columns, and any in the second,
    #: lets the period begin anew.
    renewed_by: tuple[str, str] | None = None
    #: When that is, in words after the period, where it is not when the value was given.
    since: str | None = None
    #: What the people it opens for look after, as they are called beside a form.
    place: str = "this blog"
    on_expiry: str = "null"
    on_erasure: str = "null"
    #: Purposes besides a look by an administrator for which the vault may open it.
    uses: tuple[str, ...] = ()
    export_as: str | None = None
    #: Why its person does not get the value itself, though they are told that it is held.
    withheld: str | None = None
    #: Why it stays when its person wants everything erased; only where `on_erasure` is "keep".
    kept_why: str | None = None
    #: Where its person corrects it, if not together with everything else about them.
    corrected_at: str | None = None

    def __post_init__(self) -> None:
        """Refuse what says too little."""
        if not self.kind or not self.why:
            raise ValueError("a personal column says of what kind it is, and why it is held")
        if self.basis == INTEREST and not self.interest:
            raise ValueError(f"a personal column held under {INTEREST} names the interest")
        if (self.keep is None) == (self.until is None):
            raise ValueError("a personal column has a period, or says in words until when")
        if isinstance(self.keep, str) and self.keep not in {entry.name for entry in fields(Config)}:
            raise ValueError(f"the period {self.keep!r} is not a setting")
        if self.kept_why and self.on_erasure != "keep":
            raise ValueError("only what an erasure keeps says why it does")

    def period(self) -> timedelta | None:
        """How long the value is kept here; `None` when it ends with an event."""
        if not isinstance(self.keep, str):
            return self.keep
        days = current_app.config[self.keep] if has_app_context() else getattr(Config, self.keep)
        return timedelta(days=days)


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """A keyed hash of a sealed sibling: of the whole value, or of its neighbourhood."""

    of: str
    is_near: bool = False


class Terms(TypedDict, total=False):
    """What `personal` takes: the fields of `Personal`, then those of `mapped_column`."""

    why: Required[str]
    opens_for: Required[Audience]
    keep: Required[timedelta | str | None]
    until: str
    seal: str
    subject: str
    basis: str
    interest: str
    source: str
    recipients: tuple[str, ...]
    clock: str
    ends: str
    renewed_by: tuple[str, str]
    since: str
    place: str
    on_expiry: str
    on_erasure: str
    uses: tuple[str, ...]
    export_as: str
    withheld: str
    kept_why: str
    corrected_at: str
    type_: Any
    nullable: bool
    index: bool
    unique: bool
    default: Any
    server_default: Any
    deferred: bool
    deferred_group: str
    primary_key: bool


_OF_PERSONAL = {entry.name for entry in fields(Personal)}
#: Every sealed column by the name it is sealed under.
SEALS: dict[str, Personal] = {}


def personal(kind: str, *arguments: Any, **terms: Unpack[Terms]) -> MappedColumn[Any]:
    """A column that says something about a person.

    With `seal`, the database holds the value encrypted and the attribute takes what
    `seal()` made. Raises `TypeError` or `ValueError` for a declaration that says too little.
    """
    given: dict[str, Any] = dict(terms)
    declared = Personal(
        kind=kind, **{name: given.pop(name) for name in list(given) if name in _OF_PERSONAL}
    )
    kind_of_column = given.pop("type_", None)
    if declared.seal:
        if SEALS.setdefault(declared.seal, declared) != declared:
            raise ValueError(f"{declared.seal} is sealed in two ways")
        kind_of_column = SealedBytes()
    if kind_of_column is not None:
        arguments = (kind_of_column, *arguments)
    return mapped_column(*arguments, info={"privacy": declared}, **given)


def not_personal(why: str, *arguments: Any, **options: Any) -> MappedColumn[Any]:
    """A column that says nothing about a person, and why that is so."""
    if not why:
        raise ValueError("a column that is not personal says why")
    return mapped_column(*arguments, info={"privacy": why}, **options)


def uid_column() -> MappedColumn[uuid.UUID]:
    """The row's own random name, there from its constructor on; sealed values are bound to it."""
    return not_personal("random name of the row", sa.Uuid(), default=uuid.uuid4, unique=True)


def lookup_of(attribute: str, **options: Any) -> MappedColumn[bytes | None]:
    """The keyed hash by which equal values of a sealed sibling are found; filled by the vault."""
    return _hash_of(Lookup(of=attribute), options)


def near_of(attribute: str, **options: Any) -> MappedColumn[bytes | None]:
    """The keyed hash by which neighbours of a sealed address are found; filled by the vault."""
    return _hash_of(Lookup(of=attribute, is_near=True), options)


def _hash_of(lookup: Lookup, options: dict[str, Any]) -> MappedColumn[bytes | None]:
    options = {"nullable": True, "index": not options.get("unique", False)} | options
    return mapped_column(sa.LargeBinary(32), info={"privacy": lookup}, **options)


@dataclass(frozen=True)
class Entry:
    """A personal column and where it is."""

    table: str
    column: str
    declared: Personal


def inventory() -> Iterator[Entry]:
    """Every personal column of the product, table by table."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            declared = column.info.get("privacy")
            if isinstance(declared, Personal):
                yield Entry(table.name, column.name, declared)


def undeclared(metadata: sa.MetaData = Model.metadata) -> list[str]:
    """Every column without a declaration; the product has none, and a test says so."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.info.get("privacy"), str | Personal | Lookup)
    ]


def declaration_of(attribute: Any) -> Personal:
    """What a mapped attribute such as `Comment.author_email` declares."""
    declared = attribute.property.columns[0].info.get("privacy")
    if not isinstance(declared, Personal):
        raise TypeError(f"{attribute} is not personal")
    return declared


class Explanation:
    """Who sees a value, how long it is kept, and why; a sentence made when it is shown.

    A form is defined before there are settings to read a period from.
    """

    def __init__(self, declared: Personal) -> None:
        self.declared = declared

    def __str__(self) -> str:
        """The sentence."""
        period = self.declared.period()
        lasts = f"until {self.declared.until}" if period is None else f"for {_days(period)}"
        if self.declared.since:
            lasts = f"{lasts} {self.declared.since}"
        who = _SEEN_BY[self.declared.opens_for].format(place=self.declared.place)
        return f"{who}, {lasts}, so that {self.declared.why}."

    def __html__(self) -> Markup:
        """The sentence for a template."""
        return escape(str(self))


def explain(attribute: Any) -> Explanation:
    """The sentence beside a form field, from the declaration of its column."""
    return Explanation(declaration_of(attribute))


def _days(period: timedelta) -> str:
    return "1 day" if period.days == 1 else f"{period.days} days"
