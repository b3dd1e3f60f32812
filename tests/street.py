"""Green Street, the small site most tests walk through, and one address for each of its rules."""

from tests.cast import MIRA
from tests.folder import ContentFolder

PER_PAGE = 2

#: Every kind of address, once. Tests of the whole house walk this list; the doors check it.
ADDRESSES = (
    *("/", "/about/", "/search/", "/search/?q=tulips", "/garden/", "/garden/page/2/"),
    *("/garden/tulips/", "/garden/tulips/card.png", "/garden/tags/", "/garden/tags/bulbs/"),
    *("/garden/tags/bulbs/page/2/", "/garden/authors/", "/garden/authors/mira/"),
    *("/garden/authors/mira/page/2/", "/garden/archive/", "/garden/archive/2026/"),
    *("/garden/archive/2026/page/2/", "/garden/archive/2026/03/"),
    *("/garden/archive/2026/03/page/2/", "/garden/series/", "/garden/series/a-year/"),
    *("/garden/feed.xml", "/garden/feed.json", "/garden/tags/bulbs/feed.xml"),
    *("/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/.well-known/security.txt"),
    *("/privacy/", "/privacy/v/1/"),
    *("/static/site.css", "/livez", "/readyz"),
)


def build_street(content: ContentFolder) -> None:
    """A page and enough posts for every list to have a second page."""
    content.policy()
    content.page("about", "We grow and mend things.", aliases=["who-we-are"])
    content.write(
        "blogs/garden/blog.toml",
        f'title = "Garden"\ndescription = "All about it."\nper_page = {PER_PAGE}\n',
    )
    for number, slug in enumerate(("tulips", "roses", "ferns"), start=1):
        content.post(
            slug,
            f"{slug.title()} like sun. " * 30,
            date=f"2026-03-0{number}",
            tags=["bulbs"],
            authors=[MIRA],
            series={"name": "A year", "part": number},
        )
    content.post("later", "A secret for later.", draft=True)
