"""The shapes of Markdown that a remark may have, each found in one pass.

A Markdown extension that takes the library's patterns out and puts few of its own in.
"""

import html
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import AtomicString, Registry

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*")

# An address ends where Markdown and sentences go on; one pair of parentheses may be inside.
# The control characters stand for what an earlier pattern has already taken.
_IN_ADDRESS = r"""[^\s<>()\[\]"`\\\x02\x03]"""
_ADDRESS = rf"""(?:{_IN_ADDRESS}|\({_IN_ADDRESS}{{0,300}}+\)){{1,1000}}"""


def fenced(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """The text in parts, each with whether it is code between fences; they are left out.

    A fence that nobody closes lasts to the end.
    """
    part: list[str] = []
    fence = ""
    for line in lines:
        if fence and line.strip(" ").startswith(fence) and not line.strip(f" {fence[0]}"):
            yield True, "\n".join(part)
            part, fence = [], ""
        elif not fence and (opened := _FENCE.fullmatch(line)):
            yield False, "\n".join(part)
            part, fence = [], opened[1]
        else:
            part.append(line)
    yield bool(fence), "\n".join(part)


class RemarkShapes(Extension):
    """Emphasis, code, quotes, lists and links; no headings, pictures, HTML or references."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Swap the library's patterns for ours, in the order in which they are tried."""
        SaneListExtension().extendMarkdown(md)
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_Fences(md), "fences", 25)
        for block in ("hashheader", "setextheader", "hr", "reference"):
            md.parser.blockprocessors.deregister(block)
        md.inlinePatterns = Registry()
        for place, (pattern, make) in enumerate(_SHAPES.items()):
            shape = (_LinkShape if make in (_link, _address) else _Shape)(pattern, make)
            md.inlinePatterns.register(shape, f"remark-{place}", 100 - place)
        # The one in place has taken hold of the library's patterns.
        md.treeprocessors.register(InlineTreeprocessor(md), "inline", 20)


class _Fences(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        made: list[str] = []
        for is_code, part in fenced(lines):
            if is_code:
                code = html.escape(part.strip("\n"), quote=False)
                made += ["", self.md.htmlStash.store(f"<pre><code>{code}\n</code></pre>"), ""]
            else:
                made += part.split("\n")
        # The last paragraph must end before the text does, or its line end becomes a break.
        return [*made, "", ""]


class _Shape(InlineProcessor):
    def __init__(self, pattern: str, make: Callable[[re.Match[str]], Element | str]) -> None:
        super().__init__(pattern)
        self.make = make

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the stub knows the old form only
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str, int, int]:
        return self.make(m), m.start(), m.end()


class _LinkShape(_Shape):
    # A link holds no other link.
    ANCESTOR_EXCLUDES = ("a",)


def _code(found: re.Match[str]) -> Element:
    code = Element("code")
    code.text = AtomicString(html.escape(found[2].strip(), quote=False))
    return code


def _escaped(found: re.Match[str]) -> str:
    return found[1]


def _link(found: re.Match[str]) -> Element:
    link = Element("a", {"href": found[2]})
    link.text = found[1]
    return link


def _address(found: re.Match[str]) -> Element:
    link = Element("a", {"href": found[1]})
    link.text = AtomicString(found[1])
    return link


def _break(_found: re.Match[str]) -> Element:
    return Element("br")


def _emphasis(found: re.Match[str]) -> Element:
    return _holding(Element("em"), found[1])


def _strong(found: re.Match[str]) -> Element:
    return _holding(Element("strong"), found[1])


def _both(found: re.Match[str]) -> Element:
    strong = Element("strong")
    _holding(SubElement(strong, "em"), found[1])
    return strong


def _holding(element: Element, text: str) -> Element:
    element.text = text
    return element


#: In the order in which they are tried. Unlike stars, lines inside a word are part of it.
_SHAPES: dict[str, Callable[[re.Match[str]], Element | str]] = {
    r"(?<![\\`])(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)": _code,
    r"\\([\\`*_\[\]()<>#+.!-])": _escaped,
    rf"(?<!!)\[([^\[\]\n]{{1,300}}+)\]\(((?:https?://|mailto:){_ADDRESS})\)": _link,
    rf"<(https?://{_ADDRESS})>": _address,
    rf"(?<![\w/])(https?://{_ADDRESS})(?<![.,:;!?'*_~])": _address,
    r"\n": _break,
    r"(?<!\*)\*{3}(?![*\s])([^*]++)(?<!\s)\*{3}(?!\*)": _both,
    r"(?<!\*)\*\*(?![*\s])((?:[^*]|\*(?!\*))+)(?<!\s)\*\*(?!\*)": _strong,
    r"(?<!\*)\*(?![*\s])([^*]++)(?<!\s)\*(?!\*)": _emphasis,
    r"(?<!\w)__(?![_\s])((?:[^_]|_(?!_))+)(?<!\s)__(?!\w)": _strong,
    r"(?<!\w)_(?![_\s])([^_]++)(?<!\s)_(?!\w)": _emphasis,
}
