"""Reading front matter: each value is asked for by name and type, and nothing is left over."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .documents import ContentProblem

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 120
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
        line = self.lines.get(key) or self.lines.get(self.at.split("[")[0].split(".")[0]) or 1
        return ContentProblem(f"`{self.at}{key}` {reason}", line=line)

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
        if isinstance(found, int | float) and not isinstance(found, bool):
            found = str(found)
        if not isinstance(found, str) or not found.strip():
            raise self.problem(key, "must be a text")
        if len(found) > longest:
            raise self.problem(key, f"is longer than {longest} characters")
        if words is not None and len(found.split()) > words:
            raise self.problem(key, f"has more than {words} words")
        return found.strip()

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

    def texts(self, key: str, *, most: int = 50) -> tuple[str, ...]:
        """A list of texts, each once; empty when it is not given."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return ()
        if not isinstance(found, list) or len(found) > most:
            raise self.problem(key, f"must be a list of at most {most} texts")
        texts = [str(entry).strip() for entry in found if isinstance(entry, str | int | float)]
        if len(texts) != len(found) or not all(texts):
            raise self.problem(key, "must hold texts only")
        if len(set(texts)) != len(texts):
            raise self.problem(key, "names something twice")
        return tuple(texts)

    def moment(self, key: str, *, zone: ZoneInfo) -> datetime | None:
        """A date or a date with time; without its own zone it is in the site's."""
        found = self._take(key)
        if found is _MISSING or found is None:
            return None
        if isinstance(found, str):
            found = self._parsed(key, found)
        if isinstance(found, datetime):
            return found if found.tzinfo else found.replace(tzinfo=zone)
        if isinstance(found, date):
            return datetime.combine(found, time(), zone)
        raise self.problem(key, "must be a date such as 2026-11-23 or 2026-11-23 09:30")

    def link(self, key: str) -> str | None:
        """An address: of this site from its root, or a whole https, http or mailto one."""
        found = self.optional_text(key, longest=2_000)
        if found is None:
            return None
        scheme = urlsplit(found).scheme
        is_own = found.startswith(("/", "#")) and not found.startswith("//")
        if not is_own and scheme not in ("https", "http", "mailto"):
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

    def _parsed(self, key: str, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise self.problem(
                key, "must be a date such as 2026-11-23 or 2026-11-23 09:30"
            ) from None
