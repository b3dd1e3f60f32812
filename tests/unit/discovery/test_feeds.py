"""Following a blog."""

import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8000"


def feed(client: FlaskClient, address: str = "/garden/feed.xml") -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def text(element: ElementTree.Element, name: str) -> str:
    found = element.findtext(ATOM + name)
    assert found is not None, name
    return found


def test_an_atom_feed_has_what_rfc_4287_asks_for(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", authors=["mira"], updated="2026-03-05")
    content.post("roses", date="2026-03-02")
    read()
    root = feed(client)
    assert text(root, "id") == f"{BASE}/garden/"
    assert datetime.fromisoformat(text(root, "updated")).tzinfo
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{BASE}/garden/feed.xml", "alternate": f"{BASE}/garden/"}
    entries = root.findall(f"{ATOM}entry")
    assert [text(entry, "id") for entry in entries] == [
        f"{BASE}/garden/roses/",
        f"{BASE}/garden/tulips/",
    ]
    for entry in entries:
        assert text(entry, "title")
        for moment in ("published", "updated"):
            assert datetime.fromisoformat(text(entry, moment)).tzinfo
    assert entries[1].findtext(f"{ATOM}author/{ATOM}name") == "Mira"
    assert text(entries[1], "updated").startswith("2026-03-05")


def test_an_entry_has_the_whole_text_with_addresses_that_work_far_away(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.picture("blogs/garden/images/bed.png")
    body = "See [roses](/garden/roses/).[^1]\n\n![A bed](../images/bed.png)\n\n[^1]: Note."
    content.post("tulips", body)
    read()
    html = text(feed(client).findall(f"{ATOM}entry")[0], "content")
    assert f'href="{BASE}/garden/roses/"' in html
    assert f'href="{BASE}/garden/tulips/#fn-1"' in html
    assert f'src="{BASE}/media/' in html
    assert " /media/" not in html
    assert '"/media/' not in html


def test_hostile_titles_keep_the_feed_well_formed(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "]]> & <b>", title='<![CDATA[ & "quotes" ]]>', tags=["<&>a"])
    read()
    entry = feed(client).findall(f"{ATOM}entry")[0]
    assert text(entry, "title") == '<![CDATA[ & "quotes" ]]>'


def test_a_feed_holds_the_twenty_newest(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for number in range(1, 26):
        content.post(f"post-{number}", date=f"2026-01-{number:02}")
    read()
    entries = feed(client).findall(f"{ATOM}entry")
    assert len(entries) == 20
    assert text(entries[0], "id").endswith("/post-25/")


def test_a_tag_and_an_author_have_feeds_of_their_own(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", tags=["bulbs"], authors=["mira"])
    content.post("roses")
    read()
    for address in ("/garden/tags/bulbs/feed.xml", "/garden/authors/mira/feed.xml"):
        entries = feed(client, address).findall(f"{ATOM}entry")
        assert [text(entry, "id") for entry in entries] == [f"{BASE}/garden/tulips/"]


@pytest.mark.parametrize(
    "address",
    ["/nowhere/feed.xml", "/garden/tags/none/feed.xml", "/garden/tulips/feed.xml", "/feed.xml"],
)
def test_what_has_no_list_has_no_feed(
    client: FlaskClient, content: ContentFolder, read: Any, address: str
) -> None:
    content.post("tulips")
    read()
    assert client.get(address).status_code == 404


def test_an_empty_blog_has_a_feed_without_entries(client: FlaskClient, read: Any) -> None:
    read()
    assert feed(client).findall(f"{ATOM}entry") == []


def test_the_json_feed_follows_version_1_1(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", tags=["Bulbs"], authors=["mira"])
    read()
    answer = client.get("/garden/feed.json")
    assert answer.content_type == "application/feed+json; charset=utf-8"
    facts = json.loads(answer.data)
    assert facts["version"] == "https://jsonfeed.org/version/1.1"
    assert facts["feed_url"] == f"{BASE}/garden/feed.json"
    [item] = facts["items"]
    assert item["id"] == item["url"] == f"{BASE}/garden/tulips/"
    assert item["tags"] == ["Bulbs"]
    assert item["authors"] == [{"name": "Mira"}]
    assert datetime.fromisoformat(item["date_published"]).tzinfo
    assert "Tulips like sun." in item["content_html"]


def test_a_reader_that_has_the_feed_is_not_sent_it_again(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    tag = client.get("/garden/feed.xml").headers["ETag"]
    assert client.get("/garden/feed.xml", headers={"If-None-Match": tag}).status_code == 304
