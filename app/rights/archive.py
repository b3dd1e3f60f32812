"""Everything about a person as files: one for machines, one for eyes, and a word about both."""

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from flask import current_app, render_template

from app.core import clock
from app.core.privacy import AboutYou, Collected, HeldRow, Item
from app.core.web import inline_stylesheet, page_part

from .holdings import groups, label_of, looks, moment, title_of

#: Raised when a reader of the file would have to change.
VERSION = 1
SCHEMA = Path(__file__).with_name("export.schema.json")


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A zip file that exists in memory only."""

    name: str
    body: bytes


def archive_of(email: str, collected: Collected, given: list[AboutYou]) -> Archive:
    """All that is held about whoever has an address, as one file to take along."""
    at = clock.now()
    facts = as_facts(email, collected, at) | {"disclosures": list(map(_disclosure, given))}
    page = {
        "at": at,
        "email": email,
        "groups": groups(collected),
        "looks": looks(collected.looks),
        "disclosures": given,
    }
    files = {
        "README.txt": render_template("rights/export.txt", **page),
        "data.json": json.dumps(facts, ensure_ascii=False, indent=2) + "\n",
        "data.html": render_template(
            "rights/export.html", styles=inline_stylesheet("export.css"), **page
        ),
        "schema.json": SCHEMA.read_text("utf-8"),
    }
    return Archive(name=f"my-data-{at:%Y-%m-%d}.zip", body=_zipped(files, at))


def as_facts(email: str, collected: Collected, at: datetime) -> dict[str, Any]:
    """All of it for machines, as `export.schema.json` describes it."""
    return {
        "version": VERSION,
        "made_at": moment(at),
        "site": {"name": page_part("site").name, "address": current_app.config["BASE_URL"]},
        "person": {"email": email},
        "held": [_row(row) for row in collected.rows],
        "looks": [
            {"at": moment(look.at), "at_what": look.field, "for": look.purpose, "by": look.role}
            for look in collected.looks
        ],
    }


def _disclosure(about: AboutYou) -> dict[str, Any]:
    """One legal demand, as far as its person may know of it."""
    return {
        "number": about.number,
        "kind": str(about.kind),
        "received_on": moment(about.received_on),
        "authority": about.authority,
        "country": about.country,
        "parts": list(about.parts),
        "outcome": str(about.outcome) if about.outcome else None,
        "decided_at": moment(about.decided_at),
    }


def _row(row: HeldRow) -> dict[str, Any]:
    return {
        "id": f"{row.table}/{row.number}",
        "kind": title_of(row.table),
        "came_at": moment(row.came_at),
        "values": [_value(item) for item in row.items],
    }


def _value(item: Item) -> dict[str, Any]:
    told = item.declared
    period = told.period()
    return {
        "name": item.name,
        "label": label_of(item.name),
        "value": plain(item.value),
        "withheld": item.withheld,
        "kind": told.kind,
        "why": told.why,
        "basis": told.basis,
        "interest": told.interest,
        "source": told.source,
        "seen_by": told.opens_for.value,
        "recipients": list(told.recipients),
        "kept_days": None if period is None else period / timedelta(days=1),
        "kept_until": told.until,
        "ends_at": moment(item.ends_at),
    }


def plain(value: Any) -> Any:
    """A value in the few kinds that JSON knows."""
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, date):
        return moment(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    return str(value)


def _zipped(files: dict[str, str], at: datetime) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            made.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return body.getvalue()
