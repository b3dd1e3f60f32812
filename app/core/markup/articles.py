"""An author's Markdown as an article, with what lists and search need to know of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import markdown

from .sanitiser import plain_text, sanitise
from .shapes import ArticleShapes, PictureTag, heading_id

#: Raised whenever the same text would give other HTML, so that stored pages are made anew.
VERSION = 3
WORDS_PER_MINUTE = 230
LONGEST = 1_000_000

_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """One entry of an article's table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Article:
    """Safe HTML, its headings of the second and third level, and its words."""

    html: str
    contents: tuple[Heading, ...]
    plain: str
    words: int
    reading_minutes: int


class TextRefused(ValueError):
    """The text cannot become a page; says why in one sentence, and near which of its words."""

    def __init__(self, reason: str, *, near: str = "") -> None:
        super().__init__(reason)
        self.near = near


def render_article(text: str, pictures: Mapping[str, PictureTag | str] | None = None) -> Article:
    """The article that a Markdown text describes.

    `pictures` maps the source of each picture, as written, to its resized versions, or to
    why it has none.
    Raises `TextRefused` for a picture that is not there or has no alternative text,
    for nesting without end, and for a text over a million characters.
    """
    if len(text) > LONGEST:
        raise TextRefused("the text is longer than a megabyte; split it into several posts")
    shapes = ArticleShapes(pictures or {})
    try:
        rough = _markdown(shapes).convert(text)
    except RecursionError:
        raise TextRefused("lists or quotes are nested too deeply") from None
    if shapes.problems:
        reason, near = shapes.problems[0]
        raise TextRefused(reason, near=near)
    safe = sanitise(rough)
    plain = plain_text(safe)
    words = len(plain.split())
    code = sum(len(plain_text(block).split()) for block in _CODE.findall(safe))
    # Code is skimmed rather than read, so it counts half.
    minutes = max(1, round((words - code / 2) / WORDS_PER_MINUTE))
    contents = tuple(Heading(*found) for found in shapes.headings)
    return Article(safe, contents, plain, words, minutes)


def _markdown(shapes: ArticleShapes) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=["fenced_code", "tables", "footnotes", "sane_lists", "smarty", "toc", shapes],
        extension_configs={
            "toc": {"slugify": heading_id, "toc_depth": "2-3"},
            "footnotes": {"BACKLINK_TEXT": "↩", "SEPARATOR": "-"},
        },
        output_format="html",
    )
