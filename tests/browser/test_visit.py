"""What a visit costs the reader: requests, bytes, traces; and what it must never leave behind."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import EVERY_KIND, POST

pytestmark = pytest.mark.browser

REQUESTS, BYTES = 3, 45_000
PAGE_BYTES, SHEET_BYTES, FEEDBACK_BYTES, ICON_BYTES = 14_000, 8_000, 2_000, 1_000
ABORTED = "net::ERR_ABORTED"
KEPT = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@pytest.fixture(scope="module")
def public_paths(site: str) -> list[str]:
    """The paths of every page in the sitemap."""
    with urllib.request.urlopen(f"{site}/sitemap.xml") as answer:
        locations = ElementTree.parse(answer).iter("{*}loc")
        return [urlsplit(location.text or "").path for location in locations]


@pytest.fixture(scope="module")
def posts_without_pictures(site: str) -> list[str]:
    """The paths of all posts whose weight is ours alone and not their pictures'."""
    return list(_posts_without_pictures(site))


def test_a_first_visit_to_a_post_is_three_requests_and_leaves_nothing(
    readers: Any, posts_without_pictures: list[str]
) -> None:
    assert len(posts_without_pictures) > 5
    for path in posts_without_pictures[::3]:
        page = readers.open()
        sizes = _visit(page, path)
        assert len(sizes) == REQUESTS, sizes
        assert sum(sizes.values()) <= BYTES, sizes
        assert {urlsplit(address).netloc for address in sizes} == {urlsplit(page.url).netloc}
        assert page.context.cookies() == []
        assert set(page.evaluate(KEPT).values()) == {0}
        page.context.close()


def test_a_second_page_is_one_request(readers: Any) -> None:
    page = readers.open()
    page.goto("/blog/")
    sizes = _visit(page, POST)
    assert [size for address, size in sizes.items() if not address.endswith(POST)] == [0, 0]


def test_pages_and_their_style_sheet_are_light(site: str, public_paths: list[str]) -> None:
    sizes = {path: len(_compressed(site + path)) for path in public_paths}
    assert {path: size for path, size in sizes.items() if size > PAGE_BYTES} == {}
    assert len(_compressed(f"{site}/static/site.css")) <= SHEET_BYTES
    assert len(_compressed(f"{site}/static/feedback.css")) <= FEEDBACK_BYTES
    assert len(_compressed(f"{site}/static/icons/icon.svg")) <= ICON_BYTES


def test_no_public_page_forbids_the_way_back(site: str, public_paths: list[str]) -> None:
    """`no-store` would keep a page out of the memory that makes Back instant."""
    for path in public_paths:
        with urllib.request.urlopen(site + path) as answer:
            assert "no-store" not in (answer.headers["Cache-Control"] or ""), path
            assert answer.headers["Set-Cookie"] is None


def test_no_page_breaks_its_own_policy_or_complains(readers: Any, public_paths: list[str]) -> None:
    page = readers.open()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    # An icon that is not there yet when the next page is opened is given up, and no harm done.
    page.on("requestfailed", lambda request: said.append(f"lost {request.url}: {request.failure}"))
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in dict.fromkeys([*public_paths, *EVERY_KIND]):
        page.goto(path)
    # A browser reports every 404 by itself, and this page is meant to be one.
    assert [line for line in said if "/nowhere/" not in line and ABORTED not in line] == []
    assert hosts == {urlsplit(readers.site).netloc}


def test_choosing_colours_changes_the_page_and_keeps_nothing(readers: Any) -> None:
    page = readers.open()
    page.goto("/")
    before = page.screenshot()
    page.get_by_text("Dark", exact=True).click()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(200)
    assert page.screenshot() != before
    assert set(page.evaluate(KEPT).values()) == {0}
    assert page.context.cookies() == []
    page.reload()
    expect(page.get_by_role("radio", name="Auto")).to_be_checked()


def test_nothing_opens_by_itself_and_nothing_holds_the_reader(readers: Any) -> None:
    page = readers.open()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.context.on("page", lambda other: dialogs.append(other.url))
    page.goto("/")
    page.mouse.move(640, 0)
    page.mouse.wheel(0, 4000)
    page.goto("/blog/")
    assert dialogs == []


def _visit(page: Page, path: str) -> dict[str, float]:
    """The bytes that came for each address; the icon, which only browsers ask for, left out."""
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda sent: _note(addresses, sent))
    wire.on("Network.loadingFinished", lambda done: _weigh(addresses, sizes, done))
    wire.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    return {address: size for address, size in sizes.items() if "/icons/" not in address}


def _note(addresses: dict[str, str], sent: dict[str, Any]) -> None:
    addresses[sent["requestId"]] = sent["request"]["url"]


def _weigh(addresses: dict[str, str], sizes: dict[str, float], done: dict[str, Any]) -> None:
    if address := addresses.get(done["requestId"]):
        sizes[address] = done["encodedDataLength"]


def _posts_without_pictures(site: str) -> Iterator[str]:
    for blog in ("blog", "engineering"):
        with urllib.request.urlopen(f"{site}/{blog}/feed.json") as answer:
            for item in json.load(answer)["items"]:
                path = urlsplit(item["url"]).path
                if b"<img" not in urllib.request.urlopen(site + path).read():
                    yield path


def _compressed(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br", address
        return answer.read()
