"""The site that a referrer names: its registrable host, and nothing of the page.

Without a list of all public suffixes, which would have to be fetched and kept current, a rule
does what such a list is needed for here: `example.co.uk` is one site, and `co.uk` is none.
Where the rule errs, it keeps a shorter name than the list would, so never more of anybody.
"""

import re
from urllib.parse import urlsplit

from .models import OTHER

#: Nobody was named: typed, kept, opened from a mail or a program, or not told.
NONE = "none"
LONGEST_HOST = 80

_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})"
)
#: What stands before a country as `com` stands alone.
_SECOND = frozenset(
    "ac co com edu gob gov go gv ltd me mil ne net nic nom or org plc sch gouv asso id in".split()
)


def source_of(referrer: str | None, own: frozenset[str]) -> str | None:
    """The site that led here, `NONE`, `OTHER` for what is no site, or `None` for our own pages."""
    if not referrer:
        return NONE
    try:
        parts = urlsplit(referrer)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return OTHER
    if host in own:
        return None
    if parts.scheme not in ("http", "https") or len(host) > LONGEST_HOST:
        return OTHER
    return registrable(host) if _HOST.fullmatch(host) else OTHER


def registrable(host: str) -> str:
    """The part of a host's name that somebody registered."""
    labels = host.split(".")
    is_deeper = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3:] if is_deeper else labels[-2:])
