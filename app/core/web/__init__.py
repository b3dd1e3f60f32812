"""The web ground: who may enter, what a request may look like, what every answer carries."""

from .access import local, public
from .paging import Page, Paging, page_numbers
from .setup import init_web
from .templating import Crumb, FeedLink, Meta, absolute, page_meta, page_part, structured_data

__all__ = [
    "Crumb",
    "FeedLink",
    "Meta",
    "Page",
    "Paging",
    "absolute",
    "init_web",
    "local",
    "page_meta",
    "page_numbers",
    "page_part",
    "public",
    "structured_data",
]
