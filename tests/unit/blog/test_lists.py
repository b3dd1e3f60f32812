"""A blog's lists: pages without gaps, one address for each page, four statements at the most."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blog.models import Listing
from app.core.database import db
from tests.folder import ContentFolder

pytestmark = pytest.mark.database


def write(content: ContentFolder, number: int) -> None:
    """So many posts of March, each with a tag and an author."""
    for index in range(1, number + 1):
        content.post(
            f"post-{index:02}",
            date=f"2026-03-{index % 28 + 1:02} {index // 28:02}:00",
            tags=["bulbs"],
            authors=["mira"],
        )


def shown(client: FlaskClient, address: str) -> list[str]:
    """The posts a page links to, in its order."""
    found = re.findall(r'href="/garden/(post-\d\d)/"', client.get(address).text)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("number", "pages"),
    [(0, [0]), (1, [1]), (20, [20]), (21, [20, 1]), (40, [20, 20]), (41, [20, 20, 1])],
)  # fmt: skip
def test_a_page_holds_twenty_posts_and_the_last_one_the_rest(
    client: FlaskClient, content: ContentFolder, read: Any, number: int, pages: list[int]
) -> None:
    write(content, number)
    read()
    addresses = ["/garden/", *(f"/garden/page/{page}/" for page in range(2, len(pages) + 1))]
    found = [shown(client, address) for address in addresses]
    assert [len(page) for page in found] == pages
    assert len({post for page in found for post in page}) == number
    assert client.get(f"/garden/page/{len(pages) + 1}/").status_code == 404


def test_the_first_page_has_one_address_only(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    write(content, 21)
    read()
    assert client.get("/garden/page/1/").status_code == 404
    assert "/garden/page/1/" not in client.get("/garden/page/2/").text


@pytest.mark.parametrize("page", ["0", "-1", "01", "x", "9" * 30, "2.5", "%00"])
def test_an_odd_page_number_is_an_ordinary_refusal(
    client: FlaskClient, content: ContentFolder, read: Any, page: str
) -> None:
    write(content, 2)
    read()
    assert 400 <= client.get(f"/garden/page/{page}/").status_code < 500


def test_posts_of_the_same_moment_have_a_fixed_order(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for index in range(1, 25):
        content.post(f"post-{index:02}", date="2026-03-01")
    read()
    both = shown(client, "/garden/") + shown(client, "/garden/page/2/")
    assert sorted(both) == [f"post-{index:02}" for index in range(1, 25)]


@pytest.mark.parametrize(
    "address",
    [
        "/garden/",
        "/garden/page/2/",
        "/garden/tags/",
        "/garden/tags/bulbs/",
        "/garden/tags/bulbs/page/2/",
        "/garden/authors/",
        "/garden/authors/mira/",
        "/garden/archive/",
        "/garden/archive/2026/",
        "/garden/archive/2026/03/",
        "/garden/series/",
    ],
)
def test_a_list_takes_four_statements_whatever_its_length(
    client: FlaskClient, content: ContentFolder, read: Any, statements: list[str], address: str
) -> None:
    write(content, 41)
    read()
    client.get("/")
    statements.clear()
    assert client.get(address).status_code == 200
    assert len(statements) <= 4


def test_places_count_without_gaps_after_any_change(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    write(content, 12)
    read()
    content.remove("blogs/garden/posts/post-05.md")
    content.post("post-07", date="2026-01-01", tags=["other"])
    content.post("post-09", draft=True)
    content.post("post-99", date="2020-01-01", tags=["bulbs"])
    read()
    with app.app_context():
        rows = db.session.execute(select(Listing.shelf, Listing.key, Listing.place)).all()
    places: dict[Any, list[int]] = {}
    for shelf, key, place in rows:
        places.setdefault((shelf, key), []).append(place)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in places.values())
    assert len(places["blog", ""]) == 11


def test_months_and_years_follow_the_time_zone_of_the_site(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("site.toml", 'name = "x"\ntimezone = "Asia/Tokyo"\n')
    content.post("post-01", date="2026-12-31T20:00:00+00:00")
    content.post("post-02", date="2020-12-31T20:00:00+00:00")
    read()
    assert shown(client, "/garden/archive/2021/01/") == ["post-02"]
    assert client.get("/garden/archive/2020/12/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/garden/tags/none/", "/garden/authors/mira/", "/garden/archive/2026/",
                "/garden/archive/2026/13/", "/garden/archive/2026/00/", "/garden/series/none/"]
)  # fmt: skip
def test_a_list_without_posts_is_missing(client: FlaskClient, read: Any, address: str) -> None:
    read()
    assert client.get(address).status_code == 404
