"""What changed between two texts: paragraph by paragraph, and within those word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from html.parser import HTMLParser

SAME, REMOVED, ADDED = "same", "removed", "added"
#: Above this many pairs of words a changed stretch is shown as out and in, without a search.
MOST_PAIRS = 1_000_000

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "li", "tr", "dt", "dd", "blockquote", "pre"})
_UNSEEN = re.compile(r"<!--.*?-->|<a class=\"(?:clause__number|anchor)\".*?</a>", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True)
class Stretch:
    """Paragraphs in a row: unchanged ones to fold away, or changed ones with their pieces."""

    is_same: bool
    paragraphs: tuple[tuple[Piece, ...], ...]


def paragraphs_of(html: str) -> tuple[str, ...]:
    """The words of a version, paragraph by paragraph; headings, items and rows are some too."""
    reader = _Paragraphs()
    reader.feed(_UNSEEN.sub("", html))
    reader.close()
    return tuple(filter(None, (" ".join(text.split()) for text in [*reader.done, reader.text])))


@lru_cache(maxsize=64)
def stretches(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Stretch, ...]:
    """The way from one text to the other. Versions never change, so it is found once."""
    found: list[Stretch] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            same = tuple((Piece(SAME, text),) for text in before[start:end])
            found.append(Stretch(True, same))
        else:
            changed = tuple(_paired(before[start:end], after[new_start:new_end]))
            found.append(Stretch(False, changed))
    return tuple(found)


def sides(found: Sequence[Stretch]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both texts, read back from the way between them."""
    every = [pieces for stretch in found for pieces in stretch.paragraphs]
    return _read(every, REMOVED), _read(every, ADDED)


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """What stayed, went and came between two paragraphs, by words."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > MOST_PAIRS:
        return (*_piece(REMOVED, before), *_piece(ADDED, after))
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            found += _piece(SAME, "".join(old[start:end]))
        else:
            found += _piece(REMOVED, "".join(old[start:end]))
            found += _piece(ADDED, "".join(new[new_start:new_end]))
    return tuple(found)


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Changed paragraphs beside each other; those without a counterpart went or came whole."""
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else None
        new = after[number] if number < len(after) else None
        if old is None or new is None:
            yield tuple(_piece(ADDED if old is None else REMOVED, new or old or ""))
        else:
            yield pieces_between(old, new)


def _piece(kind: str, text: str) -> Iterator[Piece]:
    if text:
        yield Piece(kind, text)


def _read(every: Sequence[tuple[Piece, ...]], side: str) -> tuple[str, ...]:
    texts = ("".join(p.text for p in pieces if p.kind in (SAME, side)) for pieces in every)
    return tuple(filter(None, texts))


class _Paragraphs(HTMLParser):
    """Collects the words of each block of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end()
        elif tag in ("td", "th") and self.text.strip():
            self.text += " | "

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        self.text += data

    def _end(self) -> None:
        self.done.append(self.text)
        self.text = ""
