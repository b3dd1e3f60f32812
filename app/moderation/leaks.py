"""Words that look like personal data or secrets, in a text that may become public.

A guess that asks for a second look, never a verdict: it names spans and kinds, and whoever
wrote the text or judges it decides. Every pattern is bounded, so a text costs what its
length costs.
"""

import enum
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .leak_shapes import accounts, cards, keys, mails, phones

#: Stands in place of what was blacked out, always as long, so that it tells no length.
BLACK = "█████"

ALL = "all"


class LeakKind(enum.StrEnum):
    """What a span looks like."""

    KEY = "key"
    MAIL = "mail"
    CARD = "card"
    ACCOUNT = "account"
    PHONE = "phone"

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        return _WORDS[self]


_WORDS = {
    LeakKind.KEY: "a key or password",
    LeakKind.MAIL: "an email address",
    LeakKind.CARD: "a card number",
    LeakKind.ACCOUNT: "a bank account",
    LeakKind.PHONE: "a phone number",
}
# The surest first: what one has found, the next leaves alone.
_FINDERS = (
    (LeakKind.KEY, keys),
    (LeakKind.MAIL, mails),
    (LeakKind.CARD, cards),
    (LeakKind.ACCOUNT, accounts),
    (LeakKind.PHONE, phones),
)


@dataclass(frozen=True, order=True)
class Leak:
    """One span of a text and what it looks like."""

    start: int
    end: int
    kind: LeakKind

    @property
    def choice(self) -> str:
        """Its name among the leaks of its text, for a button."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True)
class Piece:
    """A part of a text; without a `leak` it is ordinary words."""

    text: str
    leak: Leak | None = None


@dataclass(frozen=True)
class LookedOver:
    """A text and its leaks, for a page that marks them."""

    text: str
    leaks: tuple[Leak, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text cut where leaks begin and end."""
        return tuple(_pieces(self.text, self.leaks))

    @property
    def found(self) -> tuple[Piece, ...]:
        """The pieces that are leaks."""
        return tuple(piece for piece in self.pieces if piece.leak)


def look_over(text: str) -> LookedOver:
    """The text with every span that looks like personal data, to be shown marked."""
    return LookedOver(text, leaks_in(text))


def leaks_in(text: str) -> tuple[Leak, ...]:
    """Every span that looks like personal data, in order; no two of them overlap.

    Letters of other forms, such as `＠`, and invisible ones between others hide nothing.
    """
    plain, origins = _plain(text)
    taken = bytearray(len(plain))
    found = []
    for kind, spans in _FINDERS:
        for start, end in spans(plain):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end, kind))
    if origins is None:
        return tuple(sorted(Leak(*leak) for leak in found))
    return tuple(sorted(Leak(origins[s], origins[e - 1] + 1, kind) for s, e, kind in found))


def blacked_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without what stands in the spans; spans that touch become one."""
    parts = []
    last = 0
    for start, end in _merged(spans, len(text)):
        parts += [text[last:start], BLACK]
        last = end
    return "".join([*parts, text[last:]])


def mask_leak(text: str, choice: str) -> str:
    """The text with one leak blacked out, or with `"all"`; as it is when there is none such.

    The choice is the one a page showed; if the text has changed since, nothing is masked
    that does not look like a leak now.
    """
    chosen = [leak for leak in leaks_in(text) if choice in (ALL, leak.choice)]
    return blacked_out(text, [(leak.start, leak.end) for leak in chosen])


def _pieces(text: str, leaks: Iterable[Leak]) -> Iterator[Piece]:
    last = 0
    for leak in leaks:
        if leak.start > last:
            yield Piece(text[last : leak.start])
        yield Piece(text[leak.start : leak.end], leak)
        last = leak.end
    if last < len(text):
        yield Piece(text[last:])


def _merged(spans: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    open_start = open_end = -1
    for start, end in sorted((max(0, s), min(e, length)) for s, e in spans):
        if start >= end:
            continue
        if start > open_end:
            if open_end > 0:
                yield open_start, open_end
            open_start, open_end = start, end
        open_end = max(open_end, end)
    if open_end > 0:
        yield open_start, open_end


def _plain(text: str) -> tuple[str, list[int] | None]:
    """The text with each letter in its common form, and where each came from."""
    if text.isascii():
        return text, None
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(text):
        if unicodedata.category(letter) in ("Cf", "Mn"):
            continue
        common = unicodedata.normalize("NFKC", letter)
        common = common if len(common) == 1 else letter
        digit = unicodedata.digit(common, None)
        letters.append(common if digit is None else str(digit))
        origins.append(place)
    return "".join(letters), origins
