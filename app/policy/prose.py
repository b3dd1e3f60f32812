"""What the text of a policy may not say: periods in its own words, and unknown figures."""

import re
from collections.abc import Iterator

from app.core.content import ContentProblem, Document

NAME = re.compile(r"\{\{\s*policy\.([a-z0-9_]+(?:\.[a-z0-9_]+)*)\s*\}\}")
_BRACES = re.compile(r"\{\{.*?\}\}|\{\{|\}\}|\{%.*?%\}", re.DOTALL)

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TEENS = "sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_SOME = "a an half several few couple dozen"
_NUMBERS = "|".join(f"{_ONES} {_TEENS} {_TENS} {_SOME}".split())
_UNITS = "second|minute|hour|day|night|week|fortnight|month|quarter|year|decade|century"
#: A number or a word for one, up to two words such as "or so" between, and a unit of time.
_PERIOD = re.compile(
    rf"\b(?:\d[\d.,]*|(?:{_NUMBERS})(?:[ -](?:{_NUMBERS}))?)"
    r"(?:\s+(?:of|or|so|more|full|whole|calendar|working|business|further|single))?"
    rf"[\s-]*(?:{_UNITS})(?:s|'s|’s)?\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?:fortnight|weekend|century)\b", re.IGNORECASE)


def check_prose(document: Document) -> None:
    """Raise `ContentProblem` for braces of any other shape, and for a literal period."""
    text = document.body
    for found in _BRACES.finditer(text):
        if not NAME.fullmatch(found[0]):
            raise _at(document, found.start(), f"{found[0][:40]} is no {{{{ policy.… }}}}")
    for start, words in literal_periods(text):
        raise _at(
            document,
            start,
            f"“{words}” is a period of its own words; write the {{{{ policy.… }}}} that decides it",
        )


def literal_periods(text: str) -> Iterator[tuple[int, str]]:
    """Where a text names a period itself, and with which words."""
    bare = NAME.sub(lambda found: "·" * len(found[0]), text)
    for shape in (_PERIOD, _ALONE):
        for found in shape.finditer(bare):
            yield found.start(), " ".join(found[0].split())


def names_in(text: str) -> Iterator[tuple[int, str]]:
    """Where a text asks for a figure, and by which name."""
    for found in NAME.finditer(text):
        yield found.start(), found[1]


def _at(document: Document, start: int, reason: str) -> ContentProblem:
    line = document.body_line + document.body.count("\n", 0, start)
    return ContentProblem(reason, line=line)
