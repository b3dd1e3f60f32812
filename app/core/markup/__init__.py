"""Markdown to safe HTML: the only package that knows markdown, bleach and nh3.

Python-Markdown takes quadratic time on hostile text, so authors' texts are rendered
in a process that can be killed (`core.content.workshop`); nothing is rendered when
a page is read.
"""

from .articles import VERSION, Article, Heading, TextRefused, render_article
from .sanitiser import plain_text, sanitise
from .shapes import NO_PICTURE, PictureTag

__all__ = [
    "NO_PICTURE",
    "VERSION",
    "Article",
    "Heading",
    "PictureTag",
    "TextRefused",
    "plain_text",
    "render_article",
    "sanitise",
]
