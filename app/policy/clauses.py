"""Clauses: paragraphs that begin with `[c5]`, each with an address of its own."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

from app.core.content import ContentProblem, Document

_IN_TEXT = re.compile(r"^\[(c\d+(?:, c\d+)*)\][ \t]+", re.MULTILINE)
_IN_HTML = re.compile(r"<p>\[(c\d+(?:, c\d+)*)\] ")
_ENDS_CLAUSE = re.compile(r"<(?:h[1-6]|hr)\b")
#: Where a page may add what is known of a clause now; authors' texts hold no comments.
_END = re.compile(r"<!-- end of ((?:c\d+ ?)+)-->")
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "area"})


def clause_ids(document: Document) -> tuple[str, ...]:
    """The clauses of a text in its order. Raises `ContentProblem` for one that is named twice."""
    found: list[str] = []
    for mark in _IN_TEXT.finditer(document.body):
        line = document.body_line + document.body.count("\n", 0, mark.start())
        for name in mark[1].split(", "):
            if name in found:
                raise ContentProblem(f"[{name}] stands for two clauses", line=line)
            found.append(name)
    return tuple(found)


def with_clauses(html: str, expected: tuple[str, ...]) -> str:
    """The HTML with each clause in a frame of its own, up to the next clause or heading.

    Raises `ContentProblem` when a mark does not begin a paragraph that stands for itself.
    """
    marks = [name for mark in _IN_HTML.finditer(html) for name in mark[1].split(", ")]
    made = "".join(_framed(top_level(html)))
    framed = [name for end in _END.finditer(made) for name in end[1].split()]
    if not marks == framed == list(expected):
        odd = next(iter(set(marks) ^ set(framed) | set(marks) ^ set(expected)), expected[-1])
        raise ContentProblem(f"[{odd}] must begin a paragraph that stands for itself")
    return made


def fill_ends(html: str, under: dict[str, str]) -> str:
    """The HTML with what is known of each clause at its end."""
    return _END.sub(lambda end: "".join(under.get(name, "") for name in end[1].split()), html)


def top_level(html: str) -> list[str]:
    """The outermost elements of well-formed HTML, each whole."""
    reader = _Starts(html)
    starts = [*reader.starts, len(html)]
    return [html[start:end] for start, end in pairwise(starts)]


def _framed(blocks: list[str]) -> Iterator[str]:
    open_names: list[str] = []
    for block in blocks:
        mark = _IN_HTML.match(block)
        if open_names and (mark or _ENDS_CLAUSE.match(block)):
            yield _ending(open_names)
            open_names = []
        if mark:
            open_names = mark[1].split(", ")
            yield _beginning(open_names) + "<p>" + block[mark.end() :]
        else:
            yield block
    if open_names:
        yield _ending(open_names)


def _beginning(names: list[str]) -> str:
    numbers = "".join(
        f'<a class="clause__number" id="{name}" href="#{name}" aria-label="Clause {name[1:]}">'
        f"{name[1:]}</a>"
        for name in names
    )
    return f'<div class="clause">{numbers}<div class="clause__text">\n'


def _ending(names: list[str]) -> str:
    return f"<!-- end of {' '.join(names)} --></div></div>\n"


class _Starts(HTMLParser):
    """Finds where each outermost element begins."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.starts: list[int] = []
        self._depth = 0
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            line, column = self.getpos()
            self.starts.append(self._lines[line - 1] + column)
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._depth -= 1
