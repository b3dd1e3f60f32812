"""A comment's beginning, for a mail: without what looks like somebody's address."""

import re

LONGEST = 280

_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,253}")
_NUMBERS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{0,39}", re.I)
_MARKS = re.compile(r"[*_`>#~]+")


def excerpt(text: str) -> str:
    """The first few lines of a text, on one line."""
    start = " ".join(_MARKS.sub("", text[: LONGEST * 2]).split())
    start = _NUMBERS.sub("[an address]", _EMAIL.sub("[an address]", start))
    if len(start) <= LONGEST:
        return start
    return start[:LONGEST].rpartition(" ")[0] + " …"
