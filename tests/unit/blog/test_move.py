"""Addresses that change: 301 to the new one, 410 where nothing is left."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blog.models import Post
from app.core.database import db
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

POSTS = "blogs/garden/posts"


def leads_to(client: FlaskClient, address: str) -> tuple[int, str | None]:
    """The status of an address, and where it leads."""
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Location")


def numbers(app: Flask) -> list[int]:
    """The numbers of all posts."""
    with app.app_context():
        return list(db.session.scalars(select(Post.id).order_by(Post.id)))


def test_a_renamed_slug_leads_to_the_new_one(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    content.markdown(f"{POSTS}/tulips.md", "", title="x", date="2026-03-01", slug="tulip-time")
    read()
    assert leads_to(client, "/garden/tulips/") == (301, "/garden/tulip-time/")


def test_a_slug_that_changed_twice_leads_to_the_newest_at_once(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for slug in ("one", "two", "three"):
        content.markdown(f"{POSTS}/tulips.md", "", title="x", date="2026-03-01", slug=slug)
        read()
    assert leads_to(client, "/garden/one/") == (301, "/garden/three/")
    assert leads_to(client, "/garden/two/") == (301, "/garden/three/")


def test_a_slug_that_changed_back_is_where_it_was(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for slug in ("one", "two", "one"):
        content.markdown(f"{POSTS}/tulips.md", "", title="x", date="2026-03-01", slug=slug)
        read()
    assert leads_to(client, "/garden/one/") == (200, None)
    assert leads_to(client, "/garden/two/") == (301, "/garden/one/")


def test_a_renamed_file_keeps_its_row_and_leads_on(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.markdown(f"{POSTS}/tulips.md", "Text.", title="x", date="2026-03-01")
    read()
    before = numbers(app)
    content.rename(path, f"{POSTS}/roses.md")
    read()
    assert numbers(app) == before
    assert leads_to(client, "/garden/tulips/") == (301, "/garden/roses/")


def test_a_file_renamed_over_two_syncs_keeps_its_row_too(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any, tmp_path: Any
) -> None:
    path = content.post("tulips")
    read()
    before = numbers(app)
    (content.root / path).rename(tmp_path / "away.md")
    read()
    (tmp_path / "away.md").rename(content.root / f"{POSTS}/roses.md")
    read()
    assert numbers(app) == before
    assert leads_to(client, "/garden/tulips/") == (301, "/garden/roses/")


def test_a_file_renamed_and_edited_keeps_its_row_by_its_alias(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "Old.")
    read()
    before = numbers(app)
    content.remove(f"{POSTS}/tulips.md")
    content.post("roses", "New.", aliases=["tulips"])
    read()
    assert numbers(app) == before
    assert leads_to(client, "/garden/tulips/") == (301, "/garden/roses/")


def test_a_post_that_moves_to_another_blog_keeps_its_row_and_leads_there(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips")
    read()
    before = numbers(app)
    content.rename(path, "blogs/workshop/posts/tulips.md")
    read()
    assert numbers(app) == before
    assert leads_to(client, "/garden/tulips/") == (301, "/workshop/tulips/")
    assert leads_to(client, "/workshop/tulips/") == (200, None)


def test_a_renamed_blog_takes_its_posts_along(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    content.rename("blogs/garden", "blogs/flowers")
    assert read().problems == []
    assert leads_to(client, "/garden/tulips/") == (301, "/flowers/tulips/")
    assert leads_to(client, "/garden/") == (410, None)
    assert leads_to(client, "/flowers/") == (200, None)


@pytest.mark.parametrize(
    ("alias", "address"),
    [
        ("old", "/garden/old/"),
        ("/old/", "/garden/old/"),
        ("/garden/old/", "/garden/old/"),
        ("/workshop/old/", "/workshop/old/"),
        ("Old_Name", "/garden/Old_Name/"),
    ],
)
def test_an_alias_leads_to_its_post(
    client: FlaskClient, content: ContentFolder, read: Any, alias: str, address: str
) -> None:
    content.post("tulips", aliases=[alias])
    read()
    assert leads_to(client, address) == (301, "/garden/tulips/")


def test_an_alias_that_is_another_posts_address_is_refused(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    roses = content.post("roses", "About roses.")
    tulips = content.post("tulips", aliases=["roses"])
    found = [(row.path, row.problem_line, row.problem) for row in read().problems]
    assert found == [(tulips, 4, f"the alias roses is the address of {roses}")]
    assert "About roses." in client.get("/garden/roses/").text


def test_a_new_post_at_the_address_of_an_alias_has_the_file_of_the_alias_named(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    tulips = content.post("tulips", aliases=["roses"])
    read()
    roses = content.post("roses", "About roses.")
    found = [(row.path, row.problem) for row in read().problems]
    assert found == [(tulips, f"the alias roses is the address of {roses}")]
    assert "About roses." in client.get("/garden/roses/").text


def test_an_alias_for_a_removed_post_leads_on(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("roses")
    content.post("tulips", "Tulips.")
    read()
    content.remove(f"{POSTS}/roses.md")
    content.post("tulips", "Tulips and roses.", aliases=["roses"])
    read()
    assert leads_to(client, "/garden/roses/") == (301, "/garden/tulips/")


def test_an_alias_of_a_removed_post_is_gone_too(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips", aliases=["old"])
    read()
    content.remove(path)
    read()
    assert leads_to(client, "/garden/old/") == (410, None)


def test_an_alias_of_a_draft_is_missing(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", aliases=["old"], draft=True)
    read()
    assert leads_to(client, "/garden/old/") == (404, None)


def test_a_removed_post_is_gone(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    path = content.post("tulips")
    read()
    content.remove(path)
    assert read().removed == 1
    assert leads_to(client, "/garden/tulips/") == (410, None)


def test_a_removed_post_that_comes_back_is_there(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips")
    read()
    before = numbers(app)
    content.remove(path)
    read()
    content.post("tulips", "Back again.")
    read()
    assert "Back again." in client.get("/garden/tulips/").text
    assert numbers(app) == before


def test_a_new_post_may_take_the_address_of_a_removed_one_from_an_older_file(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("roses")
    content.post("tulips")
    read()
    content.remove(f"{POSTS}/roses.md")
    content.markdown(f"{POSTS}/tulips.md", "Now.", title="x", date="2026-03-01", slug="roses")
    assert read().problems == []
    assert "Now." in client.get("/garden/roses/").text
    assert leads_to(client, "/garden/tulips/") == (301, "/garden/roses/")


def test_a_removed_draft_was_never_there(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips", draft=True)
    read()
    content.remove(path)
    read()
    assert leads_to(client, "/garden/tulips/") == (404, None)


@pytest.mark.parametrize("slug", ["%00", "%ED%A0%80", "a" * 5_000, "%F0%9F%8C%B7", "..", "'--"])
def test_an_odd_slug_is_an_ordinary_refusal(client: FlaskClient, read: Any, slug: str) -> None:
    read()
    for address in (f"/garden/{slug}/", f"/garden/tags/{slug}/", f"/garden/series/{slug}/"):
        assert 400 <= client.get(address).status_code < 500


@pytest.mark.parametrize("names", [("aster", "begonia"), ("begonia", "aster")])
def test_an_alias_that_is_a_new_posts_address_is_refused_whichever_is_read_first(
    content: ContentFolder, read: Any, names: tuple[str, str]
) -> None:
    named, other = names
    path = content.post(named, aliases=[other])
    holder = content.post(other)
    found = [(row.path, row.problem) for row in read().problems]
    assert found == [(path, f"the alias {other} is the address of {holder}")]
