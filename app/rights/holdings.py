"""What is held about a person, in words: one table of values for each thing that is theirs."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app

from app.core.privacy import Collected, HeldRow, Item, Seen
from app.core.web import page_part

#: What the rows of a table are called. A table that is not named here goes by its own name.
TITLES = {
    "users": "Your account",
    "sessions": "Sign-ins",
    "passkeys": "Passkeys",
    "totp": "Authenticator app",
    "acceptances": "Promises of confidentiality",
    "invitations": "Invitations",
    "comments": "Comments",
    "replaced_words": "Earlier words of comments",
    "feedback": "Feedback and messages",
    "feedback_answers": "Answers to feedback",
    "feedback_wordings": "Wordings of feedback",
    "feedback_grants": "Consents to publish feedback",
    "reports": "Reports about comments",
    "bans": "Blocks",
    "notes": "Moderators’ notes",
    "trust": "Trusted addresses",
    "address_proofs": "Proofs of your address",
    "sorter_lessons": "What the sorter learnt",
    "sorter_guesses": "What the sorter guesses",
    "outbox": "Mail to you",
    "rights_requests": "Requests about your data",
    "rights_links": "Links to your data",
    "digest_stops": "Mails you stopped",
    "audit_details": "Entries of the audit log",
    "looks": "Looks you took",
}
#: What values are called whose column says it in our words and not in everybody's.
LABELS = {
    "actor_id": "Your account, as the log names it",
    "agreement_id": "The promise under which you looked",
    "credit_line": "How your words are signed",
    "created_at": "Sent",
    "device": "Browser and system",
    "facts": "What you did, in numbers",
    "html": "What you wrote, as it is shown",
    "ip": "Network address",
    "key": "Where your name leads",
    "label": "What you call it",
    "password_hash": "Hash of your password",
    "pending_text": "A change that waits",
    "percent": "How a sorter took it, in percent",
    "proved_at": "Address confirmed",
    "recipient": "Email",
    "scope": "What was asked for",
    "secret": "Secret of your app",
    "subject_uid": "The entry that was looked at",
    "text": "What you wrote",
    "told": "What we wrote to you",
    "traits": "Words a sorter learnt from",
    "user_id": "Account",
    "username_folded": "Username, to find others like it",
    "wants_replies": "Mail about replies",
    "words": "Its words",
}
_OURS = ("author_", "sender_")
BASES = {
    "6(1)(a)": "your consent",
    "6(1)(b)": "what you asked us for",
    "6(1)(c)": "a legal duty",
    "6(1)(f)": "a legitimate interest",
}


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value, as its person reads it."""

    label: str
    shown: str = field(repr=False)
    #: Who sees it, how long it is kept, and why.
    sentence: str
    basis: str
    ends_at: datetime | None
    ends: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One comment, message, session, or whatever else is held."""

    number: int
    came_at: datetime | None
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Everything of one kind."""

    title: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, kw_only=True)
class LookShown:
    """A look that somebody took: at what, for what, and what they were there."""

    at: datetime
    what: str
    purpose: str
    who: str


def groups(collected: Collected) -> list[Group]:
    """Everything that is held, kind by kind."""
    return [
        Group(title=title_of(table), things=tuple(map(_thing, rows)))
        for table, rows in collected.by_table().items()
    ]


def counts(collected: Collected) -> list[tuple[str, int]]:
    """How much of each kind there is, without telling what it says."""
    return [(title_of(table), len(rows)) for table, rows in collected.by_table().items()]


def looks(seen: tuple[Seen, ...] | list[Seen]) -> list[LookShown]:
    """The looks that were taken, as their person reads them."""
    blogs = {blog.id: blog.title for blog in page_part("every_blog")}
    return [
        LookShown(
            at=look.at,
            what=_what(look.field),
            purpose=look.purpose,
            who=_who(blogs.get(look.blog_id or 0)),
        )
        for look in seen
    ]


def title_of(table: str) -> str:
    """What the rows of a table are called."""
    return TITLES.get(table) or table.replace("_", " ").capitalize()


def label_of(name: str) -> str:
    """What a value is called."""
    for ours in _OURS:
        name = name.removeprefix(ours)
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def shown(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return str(current_app.jinja_env.filters["moment"](value))
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(entry)}" for name, entry in value.items())
    return str(value.value if isinstance(value, enum.Enum) else value)


def _thing(row: HeldRow) -> Thing:
    return Thing(number=row.number, came_at=row.came_at, values=tuple(_values(row)))


def _values(row: HeldRow) -> Iterator[Value]:
    for item in row.items:
        if item.name == "html":
            # The same words once more, made ready for pages; the file for machines has both.
            continue
        interest = f": {item.declared.interest}" if item.declared.interest else ""
        yield Value(
            label=label_of(item.name),
            shown=f"Not shown: {item.withheld}." if item.withheld else shown(item.value),
            sentence=item.sentence,
            basis=BASES.get(item.declared.basis, item.declared.basis) + interest,
            ends_at=item.ends_at,
            ends=_ends(item),
        )


def _ends(item: Item) -> str:
    """The end in words, for what has no day for it yet."""
    if item.declared.until:
        return f"When {item.declared.until}"
    period = item.declared.period()
    if item.declared.renewed_by and period:
        return f"{period.days} days {item.declared.since}"
    return "Some days after it is over"


def _what(seal: str) -> str:
    """What was looked at, by the name it is sealed under."""
    table, _, name = seal.rpartition(".")
    of = {"comment": " of a comment", "feedback": " of a message", "user": " of your account"}
    return f"your {label_of(name).lower()}{of.get(table, '')}" if name else "your data"


def _who(blog: str | None) -> str:
    return f"an administrator of {blog}" if blog else "an administrator"


def moment(value: date | None) -> str | None:
    """A date or moment as machines read it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if value else None
