"""G5: what a reader's browser fetches and keeps on the first visit to a post."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, sync_playwright

from bench.report import Finding
from bench.site import Site, site_of

REQUESTS, KILOBYTES = 3, 45
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEPT = """async () => localStorage.length + sessionStorage.length
  + (await indexedDB.databases()).length + (await caches.keys().catch(() => [])).length
  + (await navigator.serviceWorker?.getRegistrations() ?? []).length"""


@dataclass
class Visit:
    """What one visit fetched; the icon, which only browsers ask for, stands apart."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def watch(self, wire: CDPSession) -> None:
        """Note every request and the bytes that came for it."""
        wire.on("Network.requestWillBeSent", self._sent)
        wire.on("Network.loadingFinished", self._loaded)
        wire.send("Network.enable")

    def _sent(self, event: dict) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _loaded(self, event: dict) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def totals(self, *, apart: str) -> tuple[int, float, float]:
        """Answer requests and kilobytes without one address, and that one's kilobytes."""
        alone = {number for number, address in self.addresses.items() if address == apart}
        weight = sum(size for number, size in self.sizes.items() if number not in alone)
        lone = sum(size for number, size in self.sizes.items() if number in alone)
        return len(self.addresses) - len(alone), weight / 1000, lone / 1000

    @property
    def hosts(self) -> set[str]:
        """The hosts that were asked."""
        return {urlsplit(address).netloc for address in self.addresses.values()} - {""}


def measure() -> Iterator[Finding]:
    """Visit the newest post without pictures with an empty browser."""
    with site_of() as site, site.served():
        yield from _visited(site)


def _visited(site: Site) -> Iterator[Finding]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        reader = browser.new_context()
        page = reader.new_page()
        visit = Visit()
        visit.watch(reader.new_cdp_session(page))
        page.goto(site.address + _post_without_pictures(site), wait_until="networkidle")
        kept = page.evaluate(KEPT)
        icon = page.locator("link[rel=icon]").first.get_attribute("href")
        requests, weight, icon_weight = visit.totals(apart=f"{site.address}{icon}")
        own = urlsplit(site.address).netloc
        yield Finding("G5", "first visit to a post: requests", requests, REQUESTS)
        yield Finding("G5", "first visit to a post: on the wire", weight, KILOBYTES, "KB")
        yield Finding("G5", "the icon, which browsers fetch by themselves", icon_weight, 1, "KB")
        yield Finding("G5", "first visit to a post: cookies", len(reader.cookies()), 0)
        yield Finding("G5", "first visit to a post: things kept in storage", kept, 0)
        yield Finding("G5", "first visit to a post: foreign hosts", len(visit.hosts - {own}), 0)
        browser.close()


def _post_without_pictures(site: Site) -> str:
    """Answer the newest post that shows none: pictures are its author's weight, not ours."""
    for item in json.loads(site.get("/blog/feed.json").body)["items"]:
        path = urlsplit(item["url"]).path
        if b"<img" not in site.get(path).body:
            return path
    raise RuntimeError("every shipped post has a picture; G5 needs one without")
