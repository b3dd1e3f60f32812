"""The record as Markdown to read, JSON for programs, and CSV for spreadsheets."""

import json
from dataclasses import fields

from app.desk import csv_line

from .activities import Activity
from .making import Record

_LABELS = {
    "purposes": "Purposes",
    "basis": "Basis in law",
    "subjects": "Persons concerned",
    "categories": "Categories of data",
    "sources": "Where it comes from",
    "seen_by": "Who may see it",
    "recipients": "Recipients",
    "transfers": "Transfers abroad",
    "time_limits": "Time limits",
    "held_in": "Held in",
}


def as_markdown(record: Record) -> str:
    """A document for people."""
    lines = [
        "# Record of processing activities",
        "",
        "Article 30(1) of the General Data Protection Regulation. Made from the declarations of",
        f"the running site, {record.site}, Clientflow {record.version}, on {record.made_on}.",
        "",
        f"- **Controller**: {record.controller}",
        f"- **Address**: {record.address}",
        f"- **Contact**: {record.contact}",
    ]
    for number, activity in enumerate(record.activities, start=1):
        lines += ["", f"## {number}. {activity.name[:1].upper()}{activity.name[1:]}", ""]
        lines += ["| | |", "|---|---|"]
        lines += [f"| {label} | {_cell(activity, key)} |" for key, label in _LABELS.items()]
    lines += ["", "## How the data is protected", ""]
    lines += [f"- {measure}" for measure in record.security]
    return "\n".join(lines) + "\n"


def as_json(record: Record) -> str:
    """A document for programs."""
    return json.dumps(record.facts(), ensure_ascii=False, indent=2) + "\n"


def as_csv(record: Record) -> str:
    """One line for each activity; who answers for it and how it is protected stand in each."""
    names = [field.name for field in fields(Activity)]
    whole = (record.controller, record.address, record.contact, record.made_on)
    lines = [csv_line([*names, "controller", "address", "contact", "made_on", "security"])]
    for activity in record.activities:
        cells = [_plain(activity, name) for name in names]
        lines.append(csv_line([*cells, *whole, "\n".join(record.security)]))
    return "".join(lines)


FORMATS = {"md": as_markdown, "json": as_json, "csv": as_csv}


def _cell(activity: Activity, name: str) -> str:
    value = getattr(activity, name)
    parts = (value,) if isinstance(value, str) else value
    return "<br>".join(part.replace("|", "\\|") for part in parts)


def _plain(activity: Activity, name: str) -> str:
    value = getattr(activity, name)
    return value if isinstance(value, str) else "\n".join(value)
