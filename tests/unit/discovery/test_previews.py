"""What other sites and search engines are told of a page."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

BASE = "http://127.0.0.1:8000"


def properties(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))


def structured(page: str) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in blocks]


def card(client: FlaskClient) -> bytes:
    with client.get("/garden/tulips/card.png") as answer:
        assert answer.status_code == 200
        return answer.data


def test_a_post_has_a_card_picture_of_the_usual_size(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", title="Tulips in a very long winter, and what became of them " * 3)
    read()
    facts = properties(client.get("/garden/tulips/").text)
    assert facts["og:type"] == "article"
    assert facts["og:url"] == f"{BASE}/garden/tulips/"
    assert facts["og:image:alt"]
    with client.get(facts["og:image"].removeprefix(BASE)) as picture:
        assert picture.content_type == "image/png"
        with Image.open(io.BytesIO(picture.data)) as card:
            assert card.size == (1200, 630)


def test_a_card_is_drawn_anew_when_the_title_changes(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", title="Tulips")
    read()
    before = card(client)
    assert card(client) == before
    content.post("tulips", title="Roses")
    read()
    assert card(client) != before


def test_a_draft_has_no_card(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    content.post("tulips", draft=True)
    read()
    assert client.get("/garden/tulips/card.png").status_code == 404


def test_a_post_describes_itself_as_a_posting(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", authors=["mira"], tags=["bulbs"], summary="Short.")
    read()
    posting, crumbs = structured(client.get("/garden/tulips/").text)
    assert posting["@type"] == "BlogPosting"
    assert posting["headline"] == "Tulips"
    assert posting["author"][0]["name"] == "Mira"
    assert crumbs["@type"] == "BreadcrumbList"
    assert [entry["name"] for entry in crumbs["itemListElement"]] == ["Home", "Garden", "Tulips"]


def test_structured_data_cannot_end_its_script_element(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", title="</script><script>alert(1)</script>", summary="<!-- & -->")
    read()
    page = client.get("/garden/tulips/").text
    assert structured(page)[0]["headline"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in page


def test_a_canonical_address_of_the_author_wins(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", canonical="https://www.example.org/tulips/")
    read()
    page = client.get("/garden/tulips/").text
    assert '<link rel="canonical" href="https://www.example.org/tulips/">' in page


def test_the_second_page_of_a_list_names_itself(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for number in range(1, 25):
        content.post(f"post-{number}", date=f"2026-01-{number:02}")
    read()
    page = client.get("/garden/page/2/").text
    assert f'<link rel="canonical" href="{BASE}/garden/page/2/">' in page
    assert '<link rel="prev" href="/garden/">' in page


def test_results_ask_not_to_be_indexed(client: FlaskClient, read: Any) -> None:
    read()
    assert '<meta name="robots" content="noindex, follow">' in client.get("/search/?q=x").text
