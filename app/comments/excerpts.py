"""A comment's beginning, for a mail: without what looks like somebody's address."""

import re

LONGEST = 280

_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,253}")
_FOUR = r"\b\d{1,3}(?:\.\d{1,3}){3}\b"
_SIX = r"\b(?=[0-9a-f:]*::|(?:[0-9a-f]+:){5})[0-9a-f:]{4,39}"
_NUMBERS = re.compile(f"{_FOUR}|{_SIX}", re.IGNORECASE)
_MARKS = re.compile(r"[*_`>#~]+")


def excerpt(text: str) -> str:
    """The first few lines of a text, on one line."""
    start = " ".join(_MARKS.sub("", text[: LONGEST * 2]).split())
    start = _NUMBERS.sub("[an address]", _EMAIL.sub("[an address]", start))
    if len(start) <= LONGEST:
        return start
    cut = start[:LONGEST]
    return f"{cut.rpartition(' ')[0] or cut} …"
