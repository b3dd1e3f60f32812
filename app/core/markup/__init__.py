"""Markdown to safe HTML: the only package that knows markdown, bleach and nh3.

Python-Markdown takes quadratic time on hostile text, so authors' texts are rendered
in a process that can be killed (`core.content.workshop`); nothing is rendered when
a page is read. Visitors' remarks take a set-up of few shapes that stays fast on any text.
"""

from .articles import VERSION, Article, Heading, TextRefused, render_article
from .remarks import REMARK_VERSION, render_remark
from .sanitiser import plain_text, sanitise
from .shapes import NO_PICTURE, PictureTag

__all__ = [
    "NO_PICTURE",
    "REMARK_VERSION",
    "VERSION",
    "Article",
    "Heading",
    "PictureTag",
    "TextRefused",
    "plain_text",
    "render_article",
    "render_remark",
    "sanitise",
]
