"""The company's own pages: home, features, pricing, about, contact, and any other.

A page is a Markdown file whose front matter lists sections; a new page, or another
order of sections, needs no Python. Others may use `render_page`, for the answer to a
form that stands on one.
"""

from .pages import render_page

__all__ = ["render_page"]
