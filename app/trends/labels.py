"""What the values of the tables are called on a page."""

from app.blog import published_post
from app.core.errors import Refusal
from app.core.web import page_part

from .hosts import NONE
from .languages import NAMES, UNSAID
from .models import Dimension

VISITORS = {
    "new": "Here for the first time",
    "week": "Back within 7 days",
    "month": "Back within 30 days",
    "longer": "Back after more than 30 days",
}


def label(dimension: Dimension, value: str) -> str:
    """A value in words."""
    match dimension:
        case Dimension.PAGE:
            return title_at(value)
        case Dimension.LANGUAGE:
            return "Not said" if value == UNSAID else NAMES.get(value, value)
        case Dimension.SOURCE:
            return "No site named" if value == NONE else value
        case Dimension.HOUR:
            return f"{value}:00 to {value}:59"
        case Dimension.VISITOR:
            return VISITORS.get(value, value)
    return value


def title_at(address: str) -> str:
    """The title of a post at its address; of everything else the address itself."""
    blog_slug, _, slug = address.strip("/").partition("/")
    for blog in page_part("every_blog"):
        if blog.slug == blog_slug and slug and "/" not in slug:
            try:
                return published_post(blog, slug).title
            except Refusal:
                return address
    return "Home page" if address == "/" else address
