"""The audit log as its readers get it: narrowed down, named, and never more than is theirs."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.accounts import users_by_id
from app.core.privacy import (
    AuditEntry,
    Viewer,
    Wanted,
    actors,
    entries,
)
from app.core.web import page_part
from app.desk import csv_line

from .words import LOOK, kinds_of, sentence_of

PER_PAGE = 50
PER_CHUNK = 500
#: No entry has a larger number, and no account either.
LARGEST = 2**31 - 1
COLUMNS = ("number", "at", "who", "what", "blog", "about", "why", "facts")


@dataclass(frozen=True)
class Filters:
    """What the log is narrowed down to; what is `None` or empty does not matter."""

    who: int | None = None
    what: str = ""
    blog: int | None = None
    about: uuid.UUID | None = None
    before: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Filters":
        """The filters of an address; what cannot be read counts as not given."""
        return cls(
            who=_number(given.get("who")),
            what="looks" if given.get("looks") else given.get("what", ""),
            blog=_number(given.get("blog")),
            about=_uid(given.get("about")),
            before=_number(given.get("before")),
        )

    def address(self, **changed: object) -> dict[str, object]:
        """The same filters for a link."""
        given = {"who": self.who, "what": self.what, "blog": self.blog, "about": self.about}
        return {name: value for name, value in {**given, **changed}.items() if value}


@dataclass(frozen=True)
class Row:
    """One entry with its names."""

    number: int
    at: datetime
    who: str
    what: str
    blog: str
    about: uuid.UUID | None
    why: str
    facts: str
    is_look: bool
    has_detail: bool


@dataclass(frozen=True)
class AuditPage:
    """Some entries, newest first, and what they can be narrowed down to."""

    rows: tuple[Row, ...]
    older: int | None
    people: Mapping[int, str]
    blogs: Mapping[int, str]


def audit_page(viewer: Viewer, filters: Filters) -> AuditPage:
    """One page of the log, in four statements whatever its length."""
    found = entries(filters.before, PER_PAGE + 1, **_wanted(viewer, filters))
    blogs = _blogs(viewer)
    acted = actors(**_wanted(viewer, Filters()))
    people = {user.id: user.username for user in users_by_id(acted).values()}
    rows = tuple(_row(entry, people, blogs) for entry in found[:PER_PAGE])
    older = rows[-1].number if len(found) > PER_PAGE else None
    return AuditPage(rows, older, people, blogs)


def exported(viewer: Viewer, filters: Filters) -> Iterator[str]:
    """The whole log as CSV, a piece at a time; no cell can be read as a formula."""
    yield csv_line(COLUMNS)
    blogs, before = _blogs(viewer), None
    while found := entries(before, PER_CHUNK, **_wanted(viewer, filters)):
        names = users_by_id(entry.actor_id for entry in found if entry.actor_id)
        people = {user.id: user.username for user in names.values()}
        for row in (_row(entry, people, blogs) for entry in found):
            about = str(row.about or "")
            at = row.at.isoformat(timespec="seconds")
            yield csv_line((row.number, at, row.who, row.what, row.blog, about, row.why, row.facts))
        before = found[-1].number


def own_scope(viewer: Viewer) -> Wanted:
    """The blogs one administers; the owner's are the entries of the site as such."""
    return {"blog_ids": viewer.blogs("administer"), "with_site": viewer.is_owner}


def _wanted(viewer: Viewer, filters: Filters) -> Wanted:
    wanted = own_scope(viewer)
    if filters.blog is not None:
        wanted["blog_ids"] = viewer.blogs("administer") & {filters.blog}
        wanted["with_site"] = False
    wanted["actor_id"] = filters.who
    wanted["kinds"] = kinds_of(filters.what)
    wanted["subject_uid"] = filters.about
    return wanted


def _blogs(viewer: Viewer) -> dict[int, str]:
    own = viewer.blogs("administer")
    return {blog.id: blog.title for blog in page_part("blogs_and_rooms") if blog.id in own}


def _row(entry: AuditEntry, people: Mapping[int, str], blogs: Mapping[int, str]) -> Row:
    facts = ", ".join(f"{name}: {value}" for name, value in entry.facts.items())
    return Row(
        number=entry.number,
        at=entry.at,
        who=people.get(entry.actor_id, "") if entry.actor_id else "",
        what=sentence_of(entry.kind, entry.field),
        blog=blogs.get(entry.blog_id, "") if entry.blog_id else "",
        about=entry.subject_uid,
        why=entry.reason or "",
        facts=facts,
        is_look=entry.kind == LOOK,
        has_detail=entry.has_detail,
    )


def _number(text: str | None) -> int | None:
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 10:
        return None
    return min(int(text), LARGEST)


def _uid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
