"""What search engines and researchers of security look for, on the shipped site too."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.folder import ContentFolder
from tests.street import build_street

pytestmark = pytest.mark.database

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
W3C_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}([+-]\d{2}:\d{2}|Z))?")


def locations(text: str, kind: str = "url") -> list[str]:
    """The addresses of a sitemap, its rules checked on the way."""
    root = ElementTree.fromstring(text)
    assert root.tag == SPACE + ("urlset" if kind == "url" else "sitemapindex")
    found = []
    for entry in root:
        assert entry.tag == SPACE + kind
        [location] = entry.findall(f"{SPACE}loc")
        assert location.text
        assert len(location.text) < 2_048
        found.append(location.text)
        for changed in entry.findall(f"{SPACE}lastmod"):
            assert W3C_DATE.fullmatch(changed.text or "")
            assert datetime.fromisoformat(changed.text or "") <= datetime.now(UTC)
    assert len(set(found)) == len(found) <= 50_000
    return found


def test_every_address_of_the_shipped_sitemap_is_a_page_of_that_address(shipped: Flask) -> None:
    client = shipped.test_client()
    found = locations(client.get("/sitemap.xml").text)
    assert len(found) > 20
    for address in found:
        assert address.startswith("http://127.0.0.1:8000/")
        page = client.get(urlsplit(address).path)
        assert page.status_code == 200
        assert f'rel="canonical" href="{address}"' in page.text
        assert "noindex" not in page.text


def test_it_names_what_is_shown_and_nothing_else(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    build_street(content)
    content.post("future", date="2099-01-01")
    content.page("hidden", "Soon.", draft=True)
    gone = content.page("gone", "Bye.")
    read()
    content.remove(gone)
    read()
    paths = {urlsplit(address).path for address in locations(client.get("/sitemap.xml").text)}
    assert {"/", "/about/", "/garden/", "/garden/tulips/"} <= paths
    assert not paths & {"/garden/later/", "/garden/future/", "/hidden/", "/gone/", "/who-we-are/"}


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "9" * 30, "1.0", "01x", ""])
def test_a_part_that_is_not_there_is_missing(client: FlaskClient, read: Any, part: str) -> None:
    read()
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_security_txt_keeps_the_rules_of_its_rfc(client: FlaskClient, read: Any) -> None:
    read()
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.text.splitlines() if line]
    names = [name for name, _value in fields]
    values = dict(fields)
    assert names.count("Expires") == names.count("Preferred-Languages") == 1
    assert values["Contact"] == "mailto:security@example.org"
    assert values["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    expires = datetime.fromisoformat(values["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)


def test_security_txt_never_expires_and_stays_the_same_for_a_day(
    client: FlaskClient, read: Any
) -> None:
    read()
    with time_machine.travel(datetime(2030, 5, 1, 1, tzinfo=UTC), tick=False):
        morning = client.get("/.well-known/security.txt").text
    with time_machine.travel(datetime(2030, 5, 1, 23, tzinfo=UTC), tick=False):
        assert client.get("/.well-known/security.txt").text == morning
    assert "Expires: 2030-" in morning


def test_an_address_on_the_web_is_a_contact_too(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write(
        "site.toml", 'name = "Green Street"\n[contact]\nsecurity = "https://example.org/report"\n'
    )
    read()
    assert "Contact: https://example.org/report\n" in client.get("/.well-known/security.txt").text
