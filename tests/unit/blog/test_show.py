"""Reading a post."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database


def test_a_post_is_shown_at_its_blog_and_slug(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "Tulips like **sun**.")
    read()
    page = client.get("/garden/tulips/")
    assert page.status_code == 200
    assert "Tulips like <strong>sun</strong>." in page.text


def test_an_unknown_post_is_missing(client: FlaskClient, read: Any) -> None:
    read()
    assert client.get("/garden/roses/").status_code == 404


def test_a_post_of_one_blog_is_not_shown_under_the_other(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    assert client.get("/workshop/tulips/").status_code == 404


def test_a_post_takes_four_statements_however_much_surrounds_it(
    client: FlaskClient, content: ContentFolder, read: Any, statements: list[str]
) -> None:
    for number in range(1, 9):
        content.post(
            f"part-{number}",
            date=f"2026-03-{number:02}",
            tags=["bulbs", "spring"],
            authors=["mira"],
            series={"name": "A year", "part": number},
        )
    read()
    statements.clear()
    page = client.get("/garden/part-4/")
    assert "Part 4 of 8" in page.text
    assert len(statements) <= 4
