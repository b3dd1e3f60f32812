"""Telling spam from the rest by its words, as the moderators of a blog decided before.

A text is taken as a set of traits: its words, pairs of neighbouring words, the hosts it links
to. A trait is known by a keyed hash only. How telling it is follows from how many of the
texts that were found to be spam, and how many that were published, had it; the most telling
ones of a text together make its likelihood (Robinson's combination by chi-square, which
answers the middle where traits are few or disagree). Nothing here decides anything.
"""

import enum
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from .links import links_in
from .rules import is_loud
from .words import LONGEST_WORD, UNSPACED, fold

#: Fewer examples of either kind say more about chance than about spam.
FEWEST = 25
#: Of one text; a longer one has said what it is about by then.
MOST_TRAITS = 500
MOST_TELLING = 60
#: One or two telling traits are no ground for a strong word.
ENOUGH_TELLING = 5
STRONGEST = 5
LIKE_SPAM, LIKE_FINE = 90, 20

#: What a trait is worth that nobody has seen, and how many sightings outweigh that.
_UNKNOWN, _WEIGHT = 0.5, 0.45
#: A trait nearer to the middle than this tells nothing.
_TELLING = 0.1

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")

Places = Mapping[int, tuple[int, int]]


class Look(enum.StrEnum):
    """What an item looks like, by the word that addresses use."""

    SPAM = "spam"
    UNSURE = "unsure"
    FINE = "fine"

    @property
    def sentence(self) -> str:
        """The same as moderators read it."""
        return {"spam": "looks like spam", "unsure": "unsure", "fine": "looks fine"}[self]


def look_of(percent: int) -> Look:
    """The word for a likelihood; it takes more to look like spam than to look fine."""
    if percent >= LIKE_SPAM:
        return Look.SPAM
    return Look.FINE if percent < LIKE_FINE else Look.UNSURE


@dataclass(frozen=True)
class Likelihood:
    """How likely a text is spam, and where it has what says so most; or the opposite, if less."""

    percent: int
    places: tuple[tuple[int, int], ...] = ()


def traits_of(text: str, key: bytes) -> dict[int, tuple[int, int]]:
    """The traits of a text, each with the first place that has it, in the order of the text."""
    found: dict[int, tuple[int, int]] = {}
    for name, start, end in _traits(text):
        if len(found) == MOST_TRAITS:
            break
        found.setdefault(_hashed(name, key), (start, end))
    return found


def packed(traits: Iterable[int]) -> bytes:
    """Traits as they are stored: a set, and nothing of the order they stood in."""
    ordered = sorted(traits)
    return struct.pack(f">{len(ordered)}I", *ordered)


def unpacked(stored: bytes) -> tuple[int, ...]:
    """The traits that were stored."""
    return struct.unpack(f">{len(stored) // 4}I", stored)


class Classifier:
    """The sum of its lessons; what is taken out of them was never learnt."""

    def __init__(self) -> None:
        self.spam, self.fine = Counter[int](), Counter[int]()
        self.spam_texts = self.fine_texts = 0

    def learn(self, traits: Iterable[int], *, is_spam: bool) -> None:
        """Count one text in."""
        (self.spam if is_spam else self.fine).update(list(traits))
        if is_spam:
            self.spam_texts += 1
            return
        self.fine_texts += 1

    @property
    def is_ready(self) -> bool:
        """Whether it has seen enough of both kinds to be asked."""
        return min(self.spam_texts, self.fine_texts) >= FEWEST

    def judge(self, traits: Places, *, own: bool | None = None) -> Likelihood:
        """How likely a text is spam.

        `own` says that the text itself was learnt, as spam or not; it is then judged as if
        it had not been, for nobody learns anything by hearing an echo.
        """
        worth = {trait: self._worth(trait, own) for trait in traits}
        telling = [trait for trait in traits if abs(worth[trait] - 0.5) >= _TELLING]
        telling.sort(key=lambda trait: -abs(worth[trait] - 0.5))
        telling = telling[:MOST_TELLING]
        certainty = min(1, len(telling) / ENOUGH_TELLING)
        likelihood = 0.5 + certainty * (_combined([worth[trait] for trait in telling]) - 0.5)
        is_over = likelihood >= 0.5
        strongest = [trait for trait in telling if (worth[trait] > 0.5) is is_over]
        return Likelihood(round(100 * likelihood), _apart(traits[trait] for trait in strongest))

    def _worth(self, trait: int, own: bool | None) -> float:
        """How likely a text with this trait is spam, were spam and the rest as frequent."""
        of_spam = self.spam[trait] - (own is True)
        of_fine = self.fine[trait] - (own is False)
        seen = of_spam + of_fine
        if seen <= 0:
            return _UNKNOWN
        share_of_spam = of_spam / max(1, self.spam_texts - (own is True))
        share_of_fine = of_fine / max(1, self.fine_texts - (own is False))
        plain = share_of_spam / (share_of_spam + share_of_fine)
        return (_WEIGHT * _UNKNOWN + seen * plain) / (_WEIGHT + seen)


def _traits(text: str) -> Iterator[tuple[str, int, int]]:
    links = list(links_in(text))
    yield f"links:{min(len(links), 3)}", 0, 0
    if is_loud(text):
        yield "loud", 0, 0
    for link in links:
        yield f"host:{link.host}", link.start, link.end
    folded = fold(text)
    before, began, ended = "", 0, 0
    for word in _WORD.finditer(folded.text):
        # Numbers differ from text to text, and some of them are somebody's.
        name = _DIGIT.sub("0", word[0][:LONGEST_WORD])
        start, end = folded.original(word.start(), word.end())
        if UNSPACED.search(name):
            yield from _pieces(name, start, end)
        else:
            yield name, start, end
        if before and folded.text[ended : word.start()].isspace():
            yield f"{before} {name}", began, end
        before, began, ended = name, start, word.end()


def _pieces(run: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Words of a script without spaces are about two letters long."""
    for place in range(len(run) - 1):
        yield run[place : place + 2], start, end


def _hashed(name: str, key: bytes) -> int:
    return int.from_bytes(blake2b(name.encode(), key=key, digest_size=4).digest(), "big")


def _combined(worths: list[float]) -> float:
    if not worths:
        return 0.5
    spam = 1 - _tail(-2 * sum(math.log(1 - worth) for worth in worths), len(worths))
    fine = 1 - _tail(-2 * sum(math.log(worth) for worth in worths), len(worths))
    return (1 + spam - fine) / 2


def _tail(value: float, pairs: int) -> float:
    """The chance of a chi-square beyond a value, with twice so many degrees of freedom."""
    half = value / 2
    term = total = math.exp(-half)
    for number in range(1, pairs):
        term *= half / number
        total += term
    return min(total, 1.0)


def _apart(places: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The first few places that do not lie in one another; traits of the whole text have none."""
    chosen: list[tuple[int, int]] = []
    for start, end in places:
        is_free = all(end <= other[0] or other[1] <= start for other in chosen)
        if start < end and is_free:
            chosen.append((start, end))
        if len(chosen) == STRONGEST:
            break
    return tuple(sorted(chosen))
