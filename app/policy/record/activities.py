"""What is done with personal data: the declarations of all columns, put together by activity.

An activity is what a legitimate interest names, or else what somebody asked for or agreed to.
Nothing is written by hand, so that the record is of what the program does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.core.egress import Processor, processors
from app.core.privacy import BLOG_ADMINS, BLOG_TEAM, NOBODY, PUBLIC, SUBJECT, Personal, inventory

from ..words import length

_BASES = {
    "6(1)(a)": "consent",
    "6(1)(b)": "what the person asked for",
    "6(1)(c)": "a duty of law",
    "6(1)(f)": "a legitimate interest",
}
_ASKED = {"6(1)(a)": "agreed to", "6(1)(b)": "asked for", "6(1)(c)": "have a right to"}
_KINDS = {
    "account": "which account",
    "choice": "choices made",
    "content": "words written",
    "device": "family of browser and system",
    "email": "email address",
    "ip": "network address",
    "name": "name",
    "row": "which entry it is about",
    "secret": "secret of a further factor",
    "status": "state of an entry",
    "time": "time of an entry",
}
_SEEN_BY = {
    PUBLIC: "everybody",
    SUBJECT: "the person alone",
    BLOG_ADMINS: "administrators of {place}",
    BLOG_TEAM: "moderators of {place}",
    NOBODY: "nobody; the program alone",
}


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One line of the record. No part of it may be empty."""

    name: str
    purposes: tuple[str, ...]
    basis: str
    subjects: tuple[str, ...]
    categories: tuple[str, ...]
    sources: tuple[str, ...]
    seen_by: tuple[str, ...]
    recipients: tuple[str, ...]
    transfers: tuple[str, ...]
    time_limits: tuple[str, ...]
    held_in: tuple[str, ...]


def activities() -> tuple[Activity, ...]:
    """Everything that is done with personal data, as it is declared, in order of name."""
    groups: dict[tuple[str, str], list[tuple[str, Personal]]] = {}
    for entry in inventory():
        declared = entry.declared
        name = declared.interest or f"what {declared.subject}s {_ASKED[declared.basis]}"
        key = (declared.basis, name)
        groups.setdefault(key, []).append((f"{entry.table}.{entry.column}", declared))
    helpers = processors()
    return tuple(_activity(*key, held, helpers) for key, held in sorted(groups.items()))


def _activity(
    basis: str, name: str, held: list[tuple[str, Personal]], helpers: tuple[Processor, ...]
) -> Activity:
    told = [declared for _column, declared in held]
    return Activity(
        name=name,
        purposes=_each(f"so that {declared.why}" for declared in told),
        basis=f"Article {basis}, {_BASES.get(basis, 'see the declaration')}",
        subjects=_each(declared.subject for declared in told),
        categories=_each(_KINDS.get(declared.kind, declared.kind) for declared in told),
        sources=_each(declared.source for declared in told),
        seen_by=_each(
            _SEEN_BY[declared.opens_for].format(place=_place(declared)) for declared in told
        ),
        recipients=_each(_recipients(told, helpers)),
        transfers=_each(f"{one.country}: {one.safeguard}" for one in helpers)
        or ("none: nobody else handles the data",),
        time_limits=_each(_limit(declared) for declared in told),
        held_in=tuple(sorted(column for column, _declared in held)),
    )


def _recipients(told: list[Personal], helpers: tuple[Processor, ...]) -> Iterator[str]:
    named = [recipient for declared in told for recipient in declared.recipients]
    yield from named
    yield from (f"{one.name}, which {one.purpose}" for one in helpers)
    if not named and not helpers:
        yield "none besides those who may see it"


def _place(declared: Personal) -> str:
    return "the blog" if declared.place == "this blog" else declared.place


def _limit(declared: Personal) -> str:
    what, period = _KINDS.get(declared.kind, declared.kind), declared.period()
    if period is None:
        return f"{what}: until {declared.until}"
    since = f" {declared.since}" if declared.since else ""
    return f"{what}: {length(period)}{since}"


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in the order of their first."""
    return tuple(dict.fromkeys(texts))
