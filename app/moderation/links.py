"""Links in what a visitor typed: how many, to which hosts, and where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Each stops at the next bracket or space, so that a text is walked once.
_LINK = re.compile(
    r"(?:https?://(?:[^\s<>()\[\]\"'`/?#@\\]{0,253}@)?|(?<![\w./@-])www\.)"
    r"([^\s<>()\[\]\"'`/?#:@\\]{1,253})[^\s<>()\[\]\"`]{0,2000}"
    r"|mailto:[^\s<>()\[\]\"`]{1,300}",
    re.IGNORECASE,
)
_DISGUISED = re.compile(
    r"\[[^\[\]\n]{0,100}?(?:https?://|www\.)([^\s\[\]/?#:]{1,253})[^\[\]\n]{0,200}\]"
    r"\(https?://([^\s()/?#:]{1,253})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Link:
    """One link: the host it leads to, in small letters, and where it stands in the text."""

    host: str
    start: int
    end: int


def links_in(text: str) -> Iterator[Link]:
    """Every link of a text, in order; a mail address as a link has an empty host."""
    for found in _LINK.finditer(text):
        yield Link(_host(found[1] or ""), found.start(), found.end())


def count_links(text: str) -> int:
    """How many links a text has. One that shows its own address counts once."""
    shown = {found.start() for found in _DISGUISED.finditer(text)}
    return sum(1 for _ in links_in(text)) - len(shown)


def hosts_in(text: str) -> frozenset[str]:
    """The hosts that a text links to."""
    return frozenset(link.host for link in links_in(text) if link.host)


def disguised_in(text: str) -> Iterator[tuple[int, int]]:
    """Where a link shows one host and leads to another."""
    for found in _DISGUISED.finditer(text):
        if _host(found[1]) != _host(found[2]):
            yield found.start(), found.end()


def is_only_links(text: str) -> bool:
    """Whether next to nothing is left of a text without its links."""
    without, links = _LINK.subn(" ", text)
    return links > 0 and len(_WORD.findall(without)) < 3


def _host(typed: str) -> str:
    return typed.lower().rstrip(".,:;!?*_~").removeprefix("www.")
