"""Reading front matter: each value is asked for by name and type, and nothing is left over."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .front import ContentProblem, parent_of

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_IN_LINK = re.compile(r"[\s\\<>\"]")
_WEB = ("https", "http")
LONGEST_SLUG = 120
# Years of four digits that stay so in every time zone.
FIRST_YEAR, LAST_YEAR = 1001, 9998
_MISSING = object()


class Fields:
    """The values of one mapping. `done()` refuses keys that nobody asked for.

    Every reader raises `ContentProblem` at the key's line when the value does not fit.
    """

    def __init__(
        self, values: Mapping[str, Any], *, lines: Mapping[str, int] | None = None, at: str = ""
    ) -> None:
        """`at` says where a nested mapping stands, such as `sections[2].`."""
        self.values = values
        self.lines = lines or {}
        self.at = at
        self.asked: set[str] = set()

    def problem(self, key: str, reason: str) -> ContentProblem:
        """A problem with the value of `key`."""
        place = f"{self.at}{key}"
        while place and place not in self.lines:
            place = parent_of(place)
        return ContentProblem(f"`{self.at}{key}` {reason}", line=self.lines.get(place, 1))

    def text(self, key: str, *, longest: int = 500, words: int | None = None) -> str:
        """A text that must be there."""
        found = self.optional_text(key, longest=longest, words=words)
        if found is None:
            raise self.problem(key, "is missing")
        return found

    def optional_text(
        self, key: str, *, longest: int = 500, words: int | None = None
    ) -> str | None:
        """A text, or `None`; never empty, at most `longest` characters and `words` words."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return None
        found = _as_text(found)
        if found is None:
            raise self.problem(key, "must be a text")
        if len(found) > longest:
            raise self.problem(key, f"is longer than {longest} characters")
        if words is not None and len(found.split()) > words:
            raise self.problem(key, f"has more than {words} words")
        return found

    def flag(self, key: str) -> bool:
        """True or false; false when it is not given."""
        found = self._take(key)
        if found is _MISSING:
            return False
        if not isinstance(found, bool):
            raise self.problem(key, "must be true or false")
        return found

    def number(self, key: str, *, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`."""
        found = self._take(key)
        if found is _MISSING:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise self.problem(key, f"must be a whole number from {low} to {high}")
        return found

    def slug(self, key: str, *, default: str) -> str:
        """The part of an address that names this thing."""
        found = self.optional_text(key, longest=LONGEST_SLUG) or default
        if not _SLUG.fullmatch(found) or len(found) > LONGEST_SLUG:
            raise self.problem(key, f"“{found}” must be made of a-z, 0-9 and single hyphens")
        return found

    def texts(self, key: str, *, most: int = 50, longest: int = 200) -> tuple[str, ...]:
        """A list of texts, each once and at most `longest` characters; empty when not given."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return ()
        if not isinstance(found, list) or len(found) > most:
            raise self.problem(key, f"must be a list of at most {most} texts")
        texts = [text for text in map(_as_text, found) if text is not None]
        if len(texts) != len(found):
            raise self.problem(key, "must hold texts only; put quotes around words such as yes")
        if any(len(text) > longest for text in texts):
            raise self.problem(key, f"holds a text longer than {longest} characters")
        if len(set(texts)) != len(texts):
            raise self.problem(key, "names something twice")
        return tuple(texts)

    def moment(self, key: str, *, zone: ZoneInfo) -> datetime | None:
        """A date or a date with time; without its own zone it is in the site's."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return None
        if isinstance(found, str):
            found = _parsed(found)
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime.combine(found, time())
        if not isinstance(found, datetime):
            raise self.problem(key, "must be a date such as 2026-11-23 or 2026-11-23 09:30")
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.problem(key, f"must be in a year from {FIRST_YEAR} to {LAST_YEAR}")
        return found if found.tzinfo else found.replace(tzinfo=zone)

    def link(self, key: str) -> str | None:
        """An address: of this site from its root, or a whole https, http or mailto one."""
        found = self.optional_text(key, longest=2_000)
        if found is None:
            return None
        is_own = found.startswith(("/", "#")) and not found.startswith("//")
        if not (is_own or _is_whole(found)) or _NOT_IN_LINK.search(found):
            raise self.problem(key, "must begin with /, #, https:// or mailto:")
        return found

    def nested(self, key: str) -> "Fields | None":
        """A mapping inside this one."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return None
        if not isinstance(found, dict):
            raise self.problem(key, "must be a list of `name: value` lines")
        return Fields(found, lines=self.lines, at=f"{self.at}{key}.")

    def each(self, key: str, *, most: int = 100) -> "list[Fields]":
        """A list of mappings; empty when it is not given."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return []
        if not isinstance(found, list) or len(found) > most:
            raise self.problem(key, f"must be a list of at most {most} entries")
        if not all(isinstance(entry, dict) for entry in found):
            raise self.problem(key, "must hold `name: value` lines in every entry")
        return [
            Fields(entry, lines=self.lines, at=f"{self.at}{key}[{number}].")
            for number, entry in enumerate(found, start=1)
        ]

    def raw(self, key: str) -> Any:
        """The value as it was written, or `None`; the caller checks it."""
        found = self._take(key)
        return None if found is _MISSING else found

    def done(self) -> None:
        """Refuse keys that nobody asked for: most are slips of the pen."""
        for key in self.values:
            if key not in self.asked:
                raise self.problem(str(key), "is not known here")

    def _take(self, key: str) -> Any:
        self.asked.add(key)
        return self.values.get(key, _MISSING)


def _as_text(value: Any) -> str | None:
    """A text, or a number as one; `None` for anything else and for nothing but blanks."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value).strip() or None
    except ValueError:  # Python writes no numbers of more than 4,300 digits.
        return None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "mailto" or (parts.scheme in _WEB and bool(parts.hostname))
    except ValueError:
        return False
