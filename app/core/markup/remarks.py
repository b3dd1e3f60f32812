"""A visitor's Markdown as safe HTML: few shapes, and never slow.

Python-Markdown's own patterns take quadratic time on hostile text. Those used here
are ours: each looks no further than its next marker, so a text costs what its
length costs. A text with more markup than people write is shown as it was typed.
"""

import html
import re
import threading
from collections.abc import Iterator

import nh3
from markdown import Markdown

from .remark_shapes import RemarkShapes, fenced
from .sanitiser import Cleaner

#: Raised whenever the same text would give other HTML, so that stored remarks are made anew.
REMARK_VERSION = 1

TAGS = frozenset({"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"})
ATTRIBUTES = {"a": frozenset({"href"}), "ol": frozenset({"start"})}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "ugc nofollow noopener"
_FIRST_FILTER = Cleaner(TAGS, ATTRIBUTES, SCHEMES)

# Beyond these a text is shown as it was typed; a long and carefully set comment stays below.
LONGEST = 10_000
MOST_EFFORT = 600
DEEPEST = 6

# Replaced, never removed: what stood on both sides must not grow together. Two of them turn
# the direction of all text that follows.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_MARK = re.compile(r"[*_`\[\\\n]")
_LINK = re.compile(r"https?:|mailto:")
_ITEM = re.compile(r"^[ >]*(?:[-+*]|\d+\.) ", re.MULTILINE)
_ESCAPED = re.compile("[<>&]")
_LEAD = re.compile(r"^ *(?:(?:>|[-+*] |\d{1,9}\.) *)+", re.MULTILINE)
_LEVEL = re.compile(r">|[-+*.]| {4}")
_BLANK_LINES = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\r\n?")


def render_remark(text: str) -> str:
    """Safe HTML of a visitor's Markdown: emphasis, code, quotes, lists and links.

    HTML in the text shows as it was typed, and so does the whole text when it is too
    long or holds more markup than a person writes. Takes any text and never raises.
    """
    typed = _readable(text)
    if effort(typed) > MOST_EFFORT:
        return _as_typed(typed)
    try:
        rough = _rough(typed)
    except RecursionError:
        # Left in the middle, the parser would go on there with the next text.
        _PARSER.renew()
        return _as_typed(typed)
    return _last_filter(_FIRST_FILTER.clean(rough))


def effort(text: str) -> int:
    """What a text would cost to render, in about thirty microseconds each.

    The time is in the elements and in escaped characters, not in the words.
    """
    if len(text) > LONGEST:
        return len(text)
    parts = list(fenced(text.split("\n")))
    outside = "\n".join(part for is_code, part in parts if not is_code)
    if any(_count(_LEVEL, lead) > DEEPEST for lead in _LEAD.findall(outside)):
        return len(text) + MOST_EFFORT
    marks = _count(_MARK, outside) + 2 * _count(_LINK, outside) + _count(_ITEM, outside)
    return 2 * (len(parts) + marks) + _count(_ESCAPED, text)


def _readable(text: str) -> str:
    return _CONTROL.sub("\ufffd", _LINE_END.sub("\n", text)).expandtabs(4).strip("\n")


class _Parser(threading.local):
    """Markdown's parser; each thread has its own, since it keeps what it reads."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin with nothing read, which takes longer than reading a remark."""
        self.markdown = Markdown(extensions=[RemarkShapes()], output_format="html")


_PARSER = _Parser()


def _rough(text: str) -> str:
    rough: str = _PARSER.markdown.reset().convert(text)
    return rough


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _as_typed(text: str) -> str:
    """Paragraphs and line breaks, and nothing else; every other character is escaped."""
    return _last_filter("\n".join(_paragraphs(text)))


def _paragraphs(text: str) -> Iterator[str]:
    for part in _BLANK_LINES.split(text):
        if part.strip():
            yield "<p>" + html.escape(part.strip("\n")).replace("\n", "<br>\n") + "</p>"


def _last_filter(rough: str) -> str:
    return nh3.clean(
        rough,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=REL,
    )
