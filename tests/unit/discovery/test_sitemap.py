"""The sitemap and the well-known files."""

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.content import sync
from app.discovery import sitemap
from tests.folder import ContentFolder
from tests.street import build_street

pytestmark = pytest.mark.database

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://127.0.0.1:8000"


def locations(client: FlaskClient, address: str = "/sitemap.xml") -> dict[str, str | None]:
    """Each address of a sitemap with its date."""
    root = ElementTree.fromstring(client.get(address).data)
    return {
        entry.findtext(f"{SITEMAP}loc", ""): entry.findtext(f"{SITEMAP}lastmod") for entry in root
    }


def test_every_public_address_is_listed_and_answers(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    build_street(content)
    read()
    listed = locations(client)
    assert f"{BASE}/garden/tulips/" in listed
    assert f"{BASE}/about/" in listed
    assert f"{BASE}/" in listed
    assert f"{BASE}/garden/" in listed
    assert not any("later" in address for address in listed)
    for address in listed:
        assert client.get(address.removeprefix(BASE)).status_code == 200, address


def test_a_date_is_when_the_page_last_changed(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", updated="2026-03-05")
    content.page("about", "We.", updated="2026-02-01")
    read()
    listed = locations(client)
    assert listed[f"{BASE}/garden/tulips/"] == "2026-03-05T00:00:00+00:00"
    assert listed[f"{BASE}/about/"] == "2026-02-01T00:00:00+00:00"


def test_a_long_sitemap_is_an_index_of_parts(
    client: FlaskClient, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_street(content)
    read()
    whole = locations(client)
    monkeypatch.setattr(sitemap, "PER_FILE", 3)
    parts = list(locations(client))
    assert parts[0] == f"{BASE}/sitemap-1.xml"
    listed = [locations(client, part.removeprefix(BASE)) for part in parts]
    assert all(1 <= len(part) <= 3 for part in listed)
    assert {address: date for part in listed for address, date in part.items()} == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_no_file_has_more_addresses_than_the_protocol_allows() -> None:
    assert sitemap.PER_FILE <= 50_000


def test_robots_may_read_everything_but_results(client: FlaskClient, read: Any) -> None:
    read()
    lines = client.get("/robots.txt").text.splitlines()
    wanted = ["User-agent: *", "Disallow: /search/?", "Disallow: /comments/"]
    wanted += ["Disallow: /feedback/mine/", "Disallow: /feedback/proof/"]
    assert lines[: len(wanted)] == wanted
    assert f"Sitemap: {BASE}/sitemap.xml" in lines


def test_security_txt_has_what_rfc_9116_asks_for(client: FlaskClient, read: Any) -> None:
    read()
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    facts = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert facts["Contact"] == "mailto:security@example.org"
    assert facts["Canonical"] == f"{BASE}/.well-known/security.txt"
    expires = datetime.fromisoformat(facts["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=366)


def test_without_a_security_contact_there_is_no_security_txt(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("site.toml", 'name = "Green Street"\n')
    read()
    assert client.get("/.well-known/security.txt").status_code == 404


def test_addresses_follow_the_configured_origin(make_app: Any) -> None:
    app: Flask = make_app(BASE_URL="https://www.example.org")
    with app.app_context():
        sync()
    page = app.test_client().get("/", base_url="https://www.example.org")
    assert '<link rel="canonical" href="https://www.example.org/">' in page.text
