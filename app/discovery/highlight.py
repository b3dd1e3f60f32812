"""Showing why a document was found: its words marked, and the passage where they stand.

Done here for both databases alike: PostgreSQL's own function takes longer for one page
of results than finding them among a hundred thousand documents.
"""

import re
import unicodedata

from markupsafe import Markup, escape

BEFORE = 60
EXCERPT = 240

# English endings that a stemmer takes off; the stem is then looked for as a beginning.
_ENDING = re.compile(r"(?:ies|ing|ed|es|ly|s|y|e)$")
_SHORTEST_STEM = 3


def pattern_of(words: list[str]) -> re.Pattern[str]:
    """What is marked: each word in its forms, the last also as the beginning of a longer one."""
    forms = [_forms(fold(word)) for word in words[:-1]]
    forms.append(re.escape(fold(words[-1])) + r"\w*" if len(words[-1]) > 1 else _forms(words[-1]))
    if len(words[-1]) > _SHORTEST_STEM:
        forms.append(_forms(fold(words[-1])))
    return re.compile(r"\b(?:" + "|".join(forms) + r")\b")


def marked(text: str, pattern: re.Pattern[str]) -> Markup:
    """The text, escaped, with every hit in `<mark>`."""
    folded = fold(text)
    parts: list[str] = []
    end = 0
    for hit in pattern.finditer(folded):
        parts.append(str(escape(text[end : hit.start()])))
        parts.append(f"<mark>{escape(text[hit.start() : hit.end()])}</mark>")
        end = hit.end()
    parts.append(str(escape(text[end:])))
    return Markup("".join(parts))


def excerpt(text: str, pattern: re.Pattern[str]) -> Markup:
    """The passage around the first hit, with the hits marked; the beginning when there is none."""
    hit = pattern.search(fold(text))
    start = max(0, hit.start() - BEFORE) if hit else 0
    if start:
        start = text.find(" ", start) + 1
    passage = text[start : start + EXCERPT]
    if start + EXCERPT < len(text):
        passage = passage.rpartition(" ")[0] or passage
    before, after = "… " if start else "", " …" if start + len(passage) < len(text) else ""
    return Markup(before) + marked(passage, pattern) + Markup(after)


def fold(text: str) -> str:
    """Lower case without accents, letter for letter, so that positions stay the same."""
    if text.isascii():
        return text.lower()
    return "".join(_folded(letter) for letter in text)


def _folded(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    # A few letters grow when lowered; then the letter itself keeps its place.
    return base if len(base) == 1 else letter


def _forms(word: str) -> str:
    stem = _ENDING.sub("", word)
    if len(stem) < _SHORTEST_STEM:
        return re.escape(word)
    return re.escape(stem) + r"\w{0,4}"
