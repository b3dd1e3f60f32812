"""The word list: one word or phrase a line, `*` for any letters, `#` for a remark.

Words are compared folded: without case, accents, invisible characters and letter forms.
A text is cut into words once, and each word is looked up; a long list costs little more
than a short one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_LINES = 2_000
LONGEST_LINE = 100
#: A longer run of letters is no word, and is looked at only so far.
LONGEST_WORD = 200

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"[\w*]+")
# Scripts without spaces between words: their words are found anywhere.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Match:
    """A place where a line of the list was found; lines count from one."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class _Folded:
    text: str
    #: For each character of `text`, where it came from; `None` when nothing moved.
    origins: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


@dataclass(frozen=True)
class _Wild:
    """A word with stars; nothing can match it that has not its longest `piece`."""

    piece: str
    shape: re.Pattern[str]
    line: int


class WordList:
    """A word list ready to be looked for."""

    def __init__(self, typed: str) -> None:
        self.words: dict[str, int] = {}
        self.phrases: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
        self.anywhere: list[tuple[str, int]] = []
        self.wild: list[_Wild] = []
        for number, line in lines_of(typed):
            self._add(fold(line).text, number)

    def find(self, text: str) -> Iterator[Match]:
        """Each place where a line was found, word by word."""
        folded = fold(text)
        words = list(_WORD.finditer(folded.text))
        wild = self._wild(folded.text, {word[0][:LONGEST_WORD] for word in words})
        for place, word in enumerate(words):
            if line := wild.get(word[0][:LONGEST_WORD]):
                yield Match(line, *folded.original(word.start(), word.end()))
            for line, last in self._starting_at(words, place):
                yield Match(line, *folded.original(word.start(), words[last].end()))
        for piece, line in self.anywhere:
            start = folded.text.find(piece)
            if start >= 0:
                yield Match(line, *folded.original(start, start + len(piece)))

    def first(self, text: str) -> Match | None:
        """The first place where any line was found, or `None`."""
        return min(self.find(text), key=lambda match: match.start, default=None)

    def _add(self, line: str, number: int) -> None:
        pieces = _PIECE.findall(line)
        if not any(piece.strip("*") for piece in pieces) or UNSPACED.search(line):
            if bare := line.replace("*", "").strip():
                self.anywhere.append((bare, number))
        elif len(pieces) > 1:
            plain = [piece.replace("*", "") for piece in pieces]
            self.phrases[plain[0]].append((plain, number))
        elif "*" in pieces[0]:
            longest = max(pieces[0].split("*"), key=len)
            self.wild.append(_Wild(longest, re.compile(_shape(pieces[0])), number))
        else:
            self.words.setdefault(pieces[0], number)

    def _starting_at(self, words: list[re.Match[str]], place: int) -> Iterator[tuple[int, int]]:
        word = words[place][0][:LONGEST_WORD]
        if word in self.words:
            yield self.words[word], place
        for phrase, line in self.phrases.get(word, ()):
            after = [found[0] for found in words[place : place + len(phrase)]]
            if after == phrase:
                yield line, place + len(phrase) - 1

    def _wild(self, text: str, words: set[str]) -> dict[str, int]:
        """The line with stars that each word matches, for those that match any."""
        found: dict[str, int] = {}
        for wild in self.wild:
            if wild.piece not in text:
                continue
            for word in words:
                if wild.piece in word and wild.shape.fullmatch(word):
                    found.setdefault(word, wild.line)
        return found


@lru_cache(maxsize=64)
def word_list(typed: str) -> WordList:
    """The list that was typed, kept ready."""
    return WordList(typed)


def lines_of(typed: str) -> Iterator[tuple[int, str]]:
    """Each line that looks for something, with its number."""
    for number, line in enumerate(typed.splitlines(), start=1):
        wanted = line.split("#", 1)[0].strip()
        if wanted and wanted.strip("* "):
            yield number, wanted


def problems_in(typed: str) -> list[str]:
    """Why a list cannot be used, in sentences."""
    lines = list(lines_of(typed))
    found = []
    if len(lines) > MOST_LINES:
        found.append(f"The list has {len(lines):,} lines; {MOST_LINES:,} are the most.")
    for number, line in lines:
        if len(line) > LONGEST_LINE:
            found.append(f"Line {number} is longer than {LONGEST_LINE} characters.")
        if len(re.sub(r"[\W*_]+", "", line)) < 2 and "*" in line:
            found.append(f"Line {number} would hold nearly everything: add letters to it.")
    return found


def fold(text: str) -> _Folded:
    """A text as words are compared, with the way back to where each character stood."""
    if text.isascii():
        return _Folded(text.lower(), None)
    made: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        folded = _fold_one(character)
        made.append(folded)
        origins.extend([place] * len(folded))
    return _Folded("".join(made), origins)


@lru_cache(maxsize=4_096)
def _fold_one(character: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        part
        for part in spread
        if unicodedata.category(part) not in ("Mn", "Me", "Cf", "Cc") or part in "\n\t"
    )


def _shape(piece: str) -> str:
    """A pattern that never goes back over what it has passed, however many stars it has."""
    *heads, tail = piece.split("*")
    made = re.escape(heads[0])
    for middle in heads[1:]:
        made += f"(?>.*?{re.escape(middle)})" if middle else ""
    return f"{made}.*{re.escape(tail)}"
