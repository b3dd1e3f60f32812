"""The figures of the running site, gathered from where each is decided."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import current_app

from app.consent import cookie_revision
from app.core.config import documented_settings
from app.core.egress import processors
from app.core.privacy import Personal, inventory
from app.core.registry import registry
from app.core.web import offered_cookies

from .figures import Figure, Figures, Table
from .words import basis_of, counted, kind_of, length, seen_by

#: A material change is announced so long before it holds.
NOTICE_DAYS = 30
#: What the law decides and no setting can change.
_LAW = {"law.answer": "one month", "law.breach": "72 hours", "law.extension": "two months"}

_UNITS = {"_DAYS": "day", "_MONTHS": "month", "_HOURS": "hour", "_MINUTES": "minute"}
#: Settings that say what the site does in words or plain numbers.
_SAID = frozenset(
    {"COMMENT_EMAIL", "COOKIE_RECEIPTS", "LOOKS_A_DAY", "OPTIONAL_COOKIES", "REQUIRE_SECOND_FACTOR"}
)


def running_figures() -> Figures:
    """Everything that a policy may say, as the site does it now."""
    entries: dict[str, Figure | Table] = {}
    for name, text in _LAW.items():
        entries[name] = Figure(text, "the law")
    entries["notice.ahead"] = Figure(counted(NOTICE_DAYS, "day"), "the program")
    for found in (_site(), _settings(), _held(), _cookies(), _given()):
        entries |= dict(found)
    entries |= {
        "tables.held": _held_table(),
        "tables.cookies": _cookie_table(),
        "tables.processors": _processor_table(),
    }
    return Figures(entries)


def _site() -> Iterator[tuple[str, Figure]]:
    # Asked directly: within a transaction nothing may be kept that it could still take back.
    site = registry().parts("content_parts")["site"]()
    contact = site.contact
    texts = {
        "site.name": (site.name, "name"),
        "contact.email": (contact.email or "the contact page", "contact.email"),
        "contact.security": (contact.security or contact.email or "the contact page", "contact"),
        "controller.name": (contact.controller or site.name, "contact.controller"),
        "controller.address": (", ".join(contact.postal), "contact.postal"),
        "authority.name": (
            contact.authority or "the data protection authority where you live",
            "contact.authority",
        ),
    }
    for name, (text, key) in texts.items():
        yield name, Figure(text, f"site.toml {key}")


def setting_text(name: str, value: Any) -> str | None:
    """A setting's value as a policy says it; `None` for one that no policy speaks of."""
    unit = next((word for end, word in _UNITS.items() if name.endswith(end)), None)
    if unit is None and name not in _SAID:
        return None
    return counted(value, unit) if unit else _said(value)


def _settings() -> Iterator[tuple[str, Figure]]:
    for entry in documented_settings():
        text = setting_text(entry.name, current_app.config[entry.name])
        if text is None:
            continue
        figure = Figure(text, entry.name)
        yield f"settings.{entry.name.lower()}", figure
        if entry.name.startswith("KEEP_") and entry.name.endswith("_DAYS"):
            yield f"keep.{entry.name[len('KEEP_') : -len('_DAYS')].lower()}", figure


def _held() -> Iterator[tuple[str, Figure]]:
    for entry in inventory():
        name, column = f"held.{entry.table}.{entry.column}", f"{entry.table}.{entry.column}"
        declared = entry.declared
        yield f"{name}.period", period_of(declared, column)
        yield f"{name}.why", Figure(declared.why, column)
        yield f"{name}.seen_by", Figure(seen_by(declared.opens_for, declared.place), column)
        yield f"{name}.basis", Figure(basis_of(declared), column)


def period_of(declared: Personal, column: str) -> Figure:
    """How long a column is kept, decided by a setting or by its declaration."""
    period = declared.period()
    if period is None:
        return Figure(f"until {declared.until}", column)
    source = declared.keep if isinstance(declared.keep, str) else column
    days = length(period)
    return Figure(f"{days} {declared.since}" if declared.since else days, source, days)


def _cookies() -> Iterator[tuple[str, Figure]]:
    yield "cookies.revision", Figure(str(cookie_revision()), "the question about cookies")
    for cookie in offered_cookies():
        source = f"cookie {cookie.name}"
        yield f"cookies.{cookie.name}.life", Figure(_life(cookie.life), source)
        yield f"cookies.{cookie.name}.purpose", Figure(cookie.purpose, source)
        yield f"cookies.{cookie.name}.read_by", Figure(cookie.read_by, source)


def _given() -> Iterator[tuple[str, Figure]]:
    for name, value in registry().parts("policy_values").items():
        yield name, Figure(value(), name)


def _held_table() -> Table:
    """One line for everything that is held for one reason, by the same people, as long."""
    rows: dict[str, tuple[Figure, ...]] = {}
    for entry in inventory():
        column, declared = f"{entry.table}.{entry.column}", entry.declared
        rows[column] = (
            Figure(f"{declared.subject}: {kind_of(declared)}", column),
            Figure(f"so that {declared.why}", column),
            Figure(seen_by(declared.opens_for, declared.place), column),
            period_of(declared, column),
            Figure(basis_of(declared), column),
        )
    columns = ("What, and about whom", "Why", "Who can see it", "How long", "Basis in law")
    return Table("what is held about people", columns, _without_twins(rows))


def _without_twins(rows: dict[str, tuple[Figure, ...]]) -> dict[str, tuple[Figure, ...]]:
    """The same line is said once, whatever number of columns it is true of."""
    seen: dict[tuple[str, ...], str] = {}
    for name, cells in rows.items():
        seen.setdefault(tuple(cell.text for cell in cells), name)
    return {name: rows[name] for name in sorted(seen.values(), key=lambda name: rows[name][0].text)}


def _cookie_table() -> Table:
    rows = {
        cookie.name: tuple(
            Figure(text, f"cookie {cookie.name}")
            for text in (
                *(cookie.name, cookie.category.value, cookie.purpose),
                *(_life(cookie.life), cookie.path, cookie.read_by),
            )
        )
        for cookie in offered_cookies()
    }
    columns = ("Name", "Category", "What for", "Lasts", "Sent to", "Read by")
    return Table("every cookie of this site", columns, rows)


def _processor_table() -> Table:
    rows = {
        entry.name: tuple(
            Figure(asdict(entry)[key], f"processors.toml {entry.name}")
            for key in ("name", "country", "purpose", "safeguard")
        )
        for entry in processors()
    }
    return Table("who works for us", ("Name", "Country", "What for", "Safeguard"), rows)


def _life(life: Any) -> str:
    return length(life) if life else "until you close the browser"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " and ".join(value) or "none"
    return str(value)
