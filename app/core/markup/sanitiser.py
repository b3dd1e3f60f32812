"""The allow-list, and the two filters that enforce it one after the other.

bleach is no longer maintained; nh3 is, and is of another make. Markup that gets
through has to get through both.
"""

import html
import re
import threading
from collections.abc import Mapping, Set

import bleach
import nh3

_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark"}
_INLINE |= {"q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var"}
_BLOCK = {"aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure"}
_BLOCK |= {"h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "ul"}
_TABLE = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
TAGS = frozenset(_INLINE | _BLOCK | _TABLE)
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": frozenset({"aria-label", "class", "dir", "id", "lang", "role", "tabindex", "title"}),
    "a": frozenset({"href", "hreflang"}),
    "details": frozenset({"open"}),
    "div": frozenset({"data-language"}),
    "img": frozenset({"alt", "decoding", "height", "loading", "sizes", "src", "srcset", "width"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
SCHEMES = frozenset({"http", "https", "mailto"})

# Replaced, never removed: what stood on both sides must not grow together.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_TAG = re.compile(r"<[^>]*>")
_NOISE = re.compile(
    r'<(a|sup|p)\b[^>]*\bclass="(?:anchor|footnote-ref|footnote-back|code__label)".*?</\1>',
    re.DOTALL,
)


def sanitise(rough: str) -> str:
    """Only the tags, attributes and link schemes of the allow-list, by both filters.

    Control characters, which feeds and databases refuse, become a visible mark.
    """
    safe = nh3.clean(
        _CLEANER.clean(_CONTROL.sub("\ufffd", rough)),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return _CONTROL.sub("\ufffd", safe)


def plain_text(safe: str) -> str:
    """The words of safe HTML, one space between them; anchors and labels left out."""
    return " ".join(html.unescape(_TAG.sub(" ", _NOISE.sub(" ", safe))).split())


class Cleaner(threading.local):
    """bleach with one allow-list: each thread has its own, since its parser keeps what it reads."""

    def __init__(
        self, tags: Set[str], attributes: Mapping[str, Set[str]], schemes: Set[str]
    ) -> None:
        self.bleach = bleach.Cleaner(
            tags=tags,
            attributes={tag: list(names) for tag, names in attributes.items()},
            protocols=schemes,
            strip=True,
            strip_comments=True,
        )

    def clean(self, rough: str) -> str:
        """Only what the allow-list has."""
        cleaned: str = self.bleach.clean(rough)
        return cleaned


_CLEANER = Cleaner(TAGS, ATTRIBUTES, SCHEMES)
