"""The company's own pages: home, features, pricing, about, contact, and any other.

A page is a Markdown file whose front matter lists sections; a new page, or another
order of sections, needs no Python. Others may use `render_page`, for the answer to a
form that stands on one, and `published_page`, to know what is at an address.
"""

from .pages import render_page
from .queries import published_page

__all__ = ["published_page", "render_page"]
