"""Blogs and authors: what their files change, and what happens when they go."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

BLOG = "blogs/garden/blog.toml"


def test_an_author_who_is_renamed_is_renamed_over_old_posts(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", authors=["mira"])
    read()
    content.markdown("authors/mira.md", "", name="Mira Green")
    read()
    for address in (
        "/garden/tulips/",
        "/garden/authors/",
        "/garden/authors/mira/",
        "/garden/feed.xml",
    ):
        assert "Mira Green" in client.get(address).text


def test_posts_of_an_author_who_is_gone_are_named_and_stay(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    path = content.post("tulips", authors=["mira"])
    draft = content.post("roses", authors=["noor", "mira"], draft=True)
    refused()
    content.remove("authors/mira.md")
    reason = (4, "the author mira has no file in authors/")
    assert refused() == {path: reason, draft: reason}
    assert "Mira" in client.get("/garden/tulips/").text


def test_posts_are_whole_again_when_the_author_comes_back(
    content: ContentFolder, refused: Any
) -> None:
    content.post("tulips", authors=["mira"])
    refused()
    content.remove("authors/mira.md")
    refused()
    content.markdown("authors/mira.md", "", name="Mira")
    assert refused() == {}


def test_posts_that_use_the_old_slug_of_an_author_are_named(
    content: ContentFolder, refused: Any
) -> None:
    path = content.post("tulips", authors=["mira"])
    refused()
    content.markdown("authors/mira.md", "", name="Mira", slug="mira-green")
    assert refused() == {path: (4, "the author mira has no file in authors/")}


def test_everything_in_a_removed_blog_is_gone_and_its_posts_are_named(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    path = content.post("tulips", "A wordmark.", tags=["bulbs"])
    refused()
    content.remove(BLOG)
    assert refused() == {path: (1, f"{BLOG} is missing or cannot be used")}
    for address in ("", "tulips/", "tags/", "tags/bulbs/", "feed.xml", "nothing/", "archive/"):
        assert client.get(f"/garden/{address}").status_code == 410
    assert "/garden/" not in client.get("/sitemap.xml").text
    assert "/garden/tulips/" not in client.get("/search/?q=wordmark").text


def test_a_blog_that_comes_back_has_its_posts(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    content.post("tulips", "A wordmark.")
    settings = (content.root / BLOG).read_text()
    refused()
    content.remove(BLOG)
    refused()
    content.write(BLOG, settings)
    assert refused() == {}
    assert client.get("/garden/tulips/").status_code == 200
    assert "/garden/tulips/" in client.get("/search/?q=wordmark").text


@pytest.mark.parametrize("name", ["search", "media", "static", "privacy", "metrics", "admin"])
def test_an_address_of_the_site_itself_is_refused_to_blogs_and_pages(
    content: ContentFolder, refused: Any, name: str
) -> None:
    blog = content.write(f"blogs/{name}/blog.toml", 'title = "x"\n')
    page = content.page(name)
    reason = (1, f"is for the address /{name}/, which the site uses itself")
    assert refused() == {blog: reason, page: reason}


@pytest.mark.parametrize("path", ["garden", "garden/visits"])
def test_a_page_at_the_address_of_a_blog_is_refused(
    client: FlaskClient, content: ContentFolder, refused: Any, path: str
) -> None:
    refused()
    page = content.page(path)
    assert refused() == {page: (1, f"has the same address as {BLOG}")}
    assert "All about it." in client.get("/garden/").text


def test_a_blog_at_the_address_of_a_page_is_refused(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    page = content.page("about", "About us.")
    refused()
    blog = content.write("blogs/about/blog.toml", 'title = "x"\n')
    assert refused() == {blog: (1, f"has the same address as {page}")}
    assert "About us." in client.get("/about/").text


def test_of_a_new_page_and_a_new_blog_the_page_is_used(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    page = content.page("about", "About us.")
    blog = content.write("blogs/about/blog.toml", 'title = "x"\n')
    assert refused() == {blog: (1, f"has the same address as {page}")}
    content.remove(page)
    assert refused() == {}


def test_a_new_title_of_a_blog_reaches_search(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "A wordmark.")
    read()
    content.write(BLOG, 'title = "Flower beds"\n')
    read()
    assert "Flower beds" in client.get("/search/?q=wordmark").text.split("<main")[1]


def test_a_series_shows_its_gaps(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    for part in (1, 4):
        content.post(f"part-{part}", series={"name": "A year", "part": part})
    read()
    assert "Part 4 of 4" in client.get("/garden/part-4/").text
    assert client.get("/garden/series/a-year/").text.lower().count("not published yet") == 2


@pytest.mark.parametrize("parts", [(1, 1), (None, 1), (None, None), (2, 2)])
def test_no_part_of_a_series_is_lost_to_another(
    client: FlaskClient, content: ContentFolder, read: Any, parts: tuple[int | None, int | None]
) -> None:
    for name, part in zip(("ferns", "tulips"), parts, strict=True):
        content.post(name, series={"name": "A year"} | ({"part": part} if part else {}))
    read()
    page = client.get("/garden/series/a-year/").text
    assert "/garden/ferns/" in page
    assert "/garden/tulips/" in page
