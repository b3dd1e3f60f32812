"""Adding what a web server served by itself, from a log of a format that holds no address.

A line is one JSON object of known keys, as `deploy/nginx.conf` writes them. A line with any
other key, or with a network address where the server writes, is refused: what the site promises
not to keep must not come in by a log. Where a visitor writes, an address is nobody's fault but
theirs: that line is left out, and the log is as good as any.

A log is known by its lines of that format. So it is added once, whatever it is called, and
whether or not the lines that were refused still stand among the others.
"""

import hashlib
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import transaction
from app.core.errors import Refusal

from .ending import first_kept
from .hits import LONGEST_HEADER, Hit, sort
from .models import TrendFile
from .places import Places
from .tallies import Key, add

#: What each key of a line means to a `Hit`, besides the time and the method.
KEYS = frozenset("at status method path agent language referrer purpose gpc dnt signed_in".split())
#: What a visitor can type, or have a browser send.
WRITTEN_BY_VISITORS = KEYS - {"at", "status", "method", "signed_in"}
#: More than a server writes of the longest headers it takes.
LONGEST_LINE = 256_000

_APART = re.compile(r"[\s,;()\[\]\"'=<>]+")


class AlreadyFolded(Refusal):
    """A log that was added before."""

    message = "That log was added before, and is not added twice."


@dataclass
class Folded:
    """What became of the lines of a log."""

    added: int = 0
    #: Of a method or a path that is no page's, or of a time that is not counted.
    passed: int = 0
    #: With an address where a visitor may have written it.
    left_out: int = 0
    #: Of another format.
    refused: int = 0
    #: Of another format, and with an address.
    with_address: int = 0

    @property
    def of_our_format(self) -> int:
        """How many lines were not refused."""
        return self.added + self.passed + self.left_out


def fold(file: Path) -> Folded:
    """Add the lines of a log to the totals.

    Raises `AlreadyFolded` for a file that was added before, whatever it is called now, and
    with or without the lines that were refused.
    """
    done, digest = Folded(), hashlib.sha256()
    with file.open("rb") as lines:
        counts = _counted(_of_our_format(lines, done, digest), done)
    if not done.of_our_format:
        return done
    known = digest.hexdigest()
    with transaction() as session:
        if session.scalar(sa.select(TrendFile.id).where(TrendFile.digest == known)):
            raise AlreadyFolded
        session.add(TrendFile(digest=known, folded_at=clock.now()))
        add(counts)
    return done


def holds_address(line: str) -> bool:
    """Whether a network address stands in a line; the version of a browser is none."""
    told = _told(line)
    return _names_address(line) if told is None else bool(_addressed(told))


def _of_our_format(
    lines: Iterable[bytes], done: Folded, digest: "hashlib._Hash"
) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """The lines of our format with their times; they alone are what a log is known by."""
    for line in lines:
        text = line.decode(errors="replace").strip()
        if not text:
            continue
        told = _told(text) if len(text) <= LONGEST_LINE else None
        at = _time(told) if told and not told.keys() - KEYS else None
        if told and at and not _addressed(told) - WRITTEN_BY_VISITORS:
            digest.update(line.strip() + b"\n")
            yield at, told
        elif len(text) <= LONGEST_LINE and holds_address(text):
            done.with_address += 1
        else:
            done.refused += 1


def _counted(lines: Iterable[tuple[datetime, dict[str, Any]]], done: Folded) -> Counter[Key]:
    places: Places = current_app.extensions["trends"].places
    pages: dict[str, str | None] = {}
    own = current_app.config["hosts"]
    # Older days would be published at once, and with them a month for each since then.
    first, now = first_kept(), clock.now()

    def page_at(path: str) -> str | None:
        if path not in pages:
            pages[path] = places.page_at(path)
        return pages[path]

    counts: Counter[Key] = Counter()
    for at, told in lines:
        if _addressed(told):
            done.left_out += 1
            continue
        is_counted = told.get("method") == "GET" and at <= now and at.date() >= first
        values = list(sort(_hit(told), at.hour, page_at, own)) if is_counted else []
        done.added += bool(values)
        done.passed += not values
        counts.update((at.date(), dimension, value) for dimension, value in values)
    return counts


def _time(told: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(told["at"]).astimezone(UTC)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _hit(told: dict[str, Any]) -> Hit:
    text = {key: str(value)[:LONGEST_HEADER] for key, value in told.items()}
    path = text.get("path", "").encode(errors="replace").decode("latin-1")
    return Hit(
        path if path.endswith("/") else "",
        text.get("status", ""),
        agent=text.get("agent"),
        language=text.get("language"),
        referrer=text.get("referrer"),
        purpose=text.get("purpose"),
        has_signal="1" in (text.get("gpc"), text.get("dnt")),
        is_signed_in=bool(text.get("signed_in")),
    )


def _told(line: str) -> dict[str, Any] | None:
    """What a line says by keys; `None` when it is no such object."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):  # Brackets in brackets go as deep as a line is long.
        return None
    return told if isinstance(told, dict) else None


def _addressed(told: dict[str, Any]) -> set[str]:
    """The keys with a network address in what they say."""
    # Only what a browser says of itself has versions behind a slash.
    return {
        key
        for key, value in told.items()
        if _names_address(str(value) if key == "agent" else str(value).replace("/", " "))
    }


def _names_address(text: str) -> bool:
    return any(_is_address(word) for word in _APART.split(text) if "." in word or ":" in word)


def _is_address(word: str) -> bool:
    bare = word.partition("%")[0].rstrip(".")
    # With all its colons, as "::1" needs them; without those around it; and before a port.
    within = bare.strip(".:")
    before_last, _, port = bare.rpartition(":")
    forms = {
        bare,
        within,
        within.partition(":")[0],
        "" if port.strip("0123456789") else before_last,
    }
    return any(map(_reads, forms))


def _reads(form: str) -> bool:
    try:
        ipaddress.ip_address(form)
    except ValueError:
        return False
    return True
