"""The sitemap, https://www.sitemaps.org/protocol.html: one file, or an index of several."""

from collections.abc import Iterator
from itertools import islice

from app.core.errors import Missing
from app.core.registry import Location, registry

#: The protocol allows 50,000 addresses a file.
PER_FILE = 40_000


def locations(part: int) -> list[Location]:
    """The addresses of part `part`, counted from 1. Raises `Missing` for a part without any."""
    if not 1 <= part <= number_of_parts():
        raise Missing
    start = (part - 1) * PER_FILE
    return list(islice(_every_location(), start, start + PER_FILE))


def number_of_parts() -> int:
    """How many files the sitemap needs."""
    return max(1, -(-sum(1 for _ in _every_location()) // PER_FILE))


def _every_location() -> Iterator[Location]:
    for source in registry().every("sitemap"):
        yield from source()
