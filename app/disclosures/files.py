"""The file that an authority gets: what is held about the people named, within what was asked."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from app.core.privacy import Collected, collect, person_of
from app.core.privacy.disclosures import KINDS, Release, parts_in_words

#: What this program wrote of itself is nobody's data to give.
_OWN = "recorded"


@dataclass(frozen=True, kw_only=True)
class Given:
    """One row, with only the values that were asked for."""

    table: str
    number: int
    came_at: datetime | None
    values: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class GivenAbout:
    """Everything that is given about one of the people named."""

    email: str = field(repr=False)
    rows: tuple[Given, ...]

    def counts(self) -> dict[str, int]:
        """How many rows of each table."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.table] = found.get(row.table, 0) + 1
        return found


def gather(released: Release) -> list[GivenAbout]:
    """What is held about each of those named, within the kinds and days that were asked for."""
    return [
        GivenAbout(email=email, rows=tuple(_within(collect(person_of(email)), released)))
        for email in released.emails
    ]


def pack(released: Release, given: list[GivenAbout]) -> bytes:
    """A zip of two files: the data, and a page that names what it is and what was left out."""
    out = io.BytesIO()
    at = released.at.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("data.json", _data(released, given)),
            ("README.txt", _page(released, given)),
        ):
            archive.writestr(zipfile.ZipInfo(name, at), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _within(held: Collected, released: Release) -> Iterator[Given]:
    for row in held.rows:
        values = {
            item.name: item.value
            for item in row.items
            if item.declared.kind in released.parts
            and item.declared.source != _OWN
            and item.withheld is None
        }
        if values and _is_asked_about(row.came_at, released.from_on, released.until_on):
            yield Given(table=row.table, number=row.number, came_at=row.came_at, values=values)


def _is_asked_about(at: datetime | None, first: date | None, last: date | None) -> bool:
    """Whether a row is of the days asked about; one of no known day is of none of them."""
    if first is None and last is None:
        return True
    return at is not None and (first or date.min) <= at.date() <= (last or date.max)


def _data(released: Release, given: list[GivenAbout]) -> str:
    demand = {
        "entry": released.entry_id,
        "kind": released.kind.value,
        "authority": released.authority,
        "country": released.country,
        "received_on": released.received_on,
        "asked": released.scope,
        "kinds_of_data": sorted(released.parts),
        "from": released.from_on,
        "until": released.until_on,
        "record": released.number,
        "made_at": released.at.isoformat(timespec="seconds"),
    }
    people = [
        {"email": about.email, "rows": [asdict(row) for row in about.rows]} for about in given
    ]
    return json.dumps(
        {"schema": 1, "demand": demand, "people": people}, indent=1, default=str, ensure_ascii=False
    )


def _page(released: Release, given: list[GivenAbout]) -> str:
    days = f"{released.from_on or 'the beginning'} to {released.until_on or 'today'}"
    lines = [
        f"Entry {released.entry_id} of the register of legal demands: "
        f"{KINDS[released.kind].lower()} of {released.authority}, {released.country}, "
        f"received on {released.received_on}.",
        f"Asked for: {parts_in_words(released.parts)}; {days}.",
        "Two different accounts approved it. This file was made on "
        f"{released.at:%Y-%m-%d %H:%M} UTC and is number {released.number} of the audit record.",
        "",
        "What data.json holds:",
        *(line for about in given for line in _about(about)),
        "",
        "Left out: whatever else is held, as it was not asked for; values whose key was destroyed",
        "when their period was over; passwords and other secrets; what other people wrote.",
    ]
    return "\n".join(lines) + "\n"


def _about(about: GivenAbout) -> Iterator[str]:
    yield f"- {about.email}: " + ("" if about.rows else "nothing within what was asked for")
    for table, count in about.counts().items():
        names = sorted({name for row in about.rows if row.table == table for name in row.values})
        yield f"    {table}: {count} ({', '.join(names)})"
