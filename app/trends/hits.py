"""What one request adds to, read from the few things that were noted of it."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, Self

from .browsers import browser_of, is_program
from .hosts import source_of
from .languages import language_of
from .models import Dimension

#: What is kept of a header until it is sorted, within a minute.
LONGEST_HEADER = 300

SHOWN = ("200", "304")


class Hit(NamedTuple):
    """What is noted of a request, in the words in which it came. No address, no cookie."""

    path: str
    status: str
    agent: str | None = None
    language: str | None = None
    referrer: str | None = None
    #: `Sec-Purpose`, or what older browsers say instead.
    purpose: str | None = None
    #: Whether the browser asks every site not to track it.
    has_signal: bool = False
    #: Whether a cookie of a sign-in came along; which one is not looked at.
    is_signed_in: bool = False

    @classmethod
    def noted(cls, status: str, asked: tuple[Any, ...]) -> Self:
        """From what the layer put into its queue, cut to what may be needed."""
        path, agent, language, referrer, purpose, older, gpc, dnt, is_signed_in = asked
        return cls(
            path[:LONGEST_HEADER],
            status[:3],
            agent and agent[:LONGEST_HEADER],
            language and language[:LONGEST_HEADER],
            referrer and referrer[:LONGEST_HEADER],
            (purpose or older or "")[:LONGEST_HEADER],
            "1" in (gpc, dnt),
            is_signed_in,
        )


class Apart:
    """Why something is no page that somebody read."""

    PROGRAM = "programs"
    AHEAD = "fetched ahead"
    SIGNED_IN = "signed in"
    MOVED = "led elsewhere"
    REFUSED = "refused"
    FAILED = "failed"
    #: Read by somebody whose browser asks not to be tracked: in the total, and nowhere else.
    SIGNAL = "asked not to be tracked"


def sort(
    hit: Hit, hour: int, page_at: Callable[[str], str | None], own: frozenset[str]
) -> Iterator[tuple[Dimension, str]]:
    """The values that a request adds one to; none for an address that is no public page."""
    apart = _apart(hit)
    if apart:
        yield Dimension.APART, apart
        return
    page = page_at(hit.path)
    if page is None:
        return
    yield Dimension.TOTAL, ""
    if hit.has_signal:
        yield Dimension.APART, Apart.SIGNAL
        return
    yield Dimension.PAGE, page
    yield Dimension.HOUR, f"{hour:02}"
    yield Dimension.BROWSER, _browser(hit.agent or "")
    yield Dimension.LANGUAGE, language_of(hit.language)
    source = source_of(hit.referrer, own)
    if source:
        yield Dimension.SOURCE, source


def _apart(hit: Hit) -> str | None:
    if hit.purpose and ("prefetch" in hit.purpose or "prerender" in hit.purpose):
        return Apart.AHEAD
    if _is_program(hit.agent):
        return Apart.PROGRAM
    if hit.is_signed_in:
        return Apart.SIGNED_IN
    if hit.status in SHOWN:
        return None
    return {"3": Apart.MOVED, "4": Apart.REFUSED}.get(hit.status[:1], Apart.FAILED)


# Few browsers are many readers'.
_is_program = lru_cache(2_048)(is_program)
_browser = lru_cache(2_048)(browser_of)
