"""Adding what a web server served by itself, from a log of a format that holds no address.

A line is one JSON object of known keys, as `deploy/nginx.conf` writes them. A line with any
other key, or with a network address in it, is refused: what the site promises not to keep
must not come in by a log.
"""

import hashlib
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Refusal

from .ending import first_kept
from .hits import LONGEST_HEADER, Hit, sort
from .models import TrendFile
from .places import Places
from .tallies import Key, add

#: What each key of a line means to a `Hit`, besides the time and the method.
KEYS = frozenset("at status method path agent language referrer purpose gpc dnt signed_in".split())
LONGEST_LINE = 4_000

_APART = re.compile(r"[\s,;()\[\]\"'=<>]+")


class AlreadyFolded(Refusal):
    """A log that was added before."""

    message = "That log was added before, and is not added twice."


@dataclass
class Folded:
    """What became of the lines of a log."""

    added: int = 0
    #: Of a method, a path or a time that is no page's, or of a month that was published.
    passed: int = 0
    refused: int = 0
    with_address: int = 0


def fold(file: Path) -> Folded:
    """Add the lines of a log to the totals.

    Raises `AlreadyFolded` for a file that was added before, whatever it is called now.
    """
    digest = _digest(file)
    if db.session.scalar(sa.select(TrendFile.id).where(TrendFile.digest == digest)):
        raise AlreadyFolded
    done = Folded()
    with file.open(encoding="utf-8", errors="replace") as lines:
        counts = _counted(lines, done)
    with transaction() as session:
        session.add(TrendFile(digest=digest, folded_at=clock.now()))
        add(counts)
    return done


def holds_address(line: str) -> bool:
    """Whether a network address stands in a line; the version of a browser is none."""
    told = _told(line)
    if told is None:
        return _names_address(line)
    # Only what a browser says of itself has versions behind a slash.
    return any(
        _names_address(str(value) if key == "agent" else str(value).replace("/", " "))
        for key, value in told.items()
    )


def _counted(lines: Iterable[str], done: Folded) -> Counter[Key]:
    places: Places = current_app.extensions["trends"].places
    pages: dict[str, str | None] = {}
    own = current_app.config["hosts"]

    def page_at(path: str) -> str | None:
        if path not in pages:
            pages[path] = places.page_at(path)
        return pages[path]

    counts: Counter[Key] = Counter()
    for line in lines:
        if not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            done.refused += 1
            continue
        if holds_address(line):
            done.with_address += 1
            continue
        read = _read(line)
        if read is None:
            done.refused += 1
            continue
        at, method, hit = read
        values = list(sort(hit, at.hour, page_at, own)) if method == "GET" else []
        done.added += bool(values)
        done.passed += not values
        counts.update((at.date(), dimension, value) for dimension, value in values)
    return counts


def _read(line: str) -> tuple[datetime, str, Hit] | None:
    """A line's time, method and hit; `None` when it is not of our format."""
    told = _told(line)
    if told is None or told.keys() - KEYS:
        return None
    try:
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
        text = {key: str(value)[:LONGEST_HEADER] for key, value in told.items()}
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    # Days before those would be published at once, and a month for each since then with them.
    if at > clock.now() or at.date() < first_kept():
        return None
    path = text.get("path", "").encode(errors="replace").decode("latin-1")
    hit = Hit(
        path if path.endswith("/") else "",
        text.get("status", ""),
        agent=text.get("agent"),
        language=text.get("language"),
        referrer=text.get("referrer"),
        purpose=text.get("purpose"),
        has_signal="1" in (text.get("gpc"), text.get("dnt")),
        is_signed_in=bool(text.get("signed_in")),
    )
    return at, text.get("method", ""), hit


def _told(line: str) -> dict[str, Any] | None:
    """What a line says by keys; `None` when it is no such object."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):  # Brackets in brackets go as deep as a line is long.
        return None
    return told if isinstance(told, dict) else None


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


def _digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(1 << 20):
            found.update(part)
    return found.hexdigest()
