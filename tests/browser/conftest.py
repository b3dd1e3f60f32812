"""One browser and one served site for all tests of this folder."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.pages import FAULTS
from tests.folder import ContentFolder
from tests.provision import CHROMIUM
from tests.server import serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
FAULT_PAGES = Path(__file__).parents[2] / "templates" / "errors"


@dataclass(frozen=True)
class Readers:
    """Opens the site as different readers see it; every reader starts with an empty browser."""

    browser: Browser
    site: str
    opened: list[BrowserContext]

    def open(self, width: int = 1280, height: int = 800, **habits: Any) -> Page:
        """A page of a fresh reader; `habits` are settings of their browser."""
        context = self.browser.new_context(
            base_url=self.site, viewport={"width": width, "height": height}, **habits
        )
        self.opened.append(context)
        return context.new_page()

    def open_broken(self, width: int = 1280, height: int = 800, **habits: Any) -> Page:
        """The same, and the addresses of `FAULTS` answer as if all else had failed."""
        page = self.open(width, height, **habits)
        for path, status in FAULTS.items():
            body = (FAULT_PAGES / f"{status}.html").read_text()
            page.route(f"**{path}", _shown(body))
        return page


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the shipped site."""
    with serving(tmp_path_factory.mktemp("shipped")) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="package")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that is written from right to left and tries the theme's patience."""
    folder = tmp_path_factory.mktemp("odd")
    content = ContentFolder(folder / "content")
    content.furnish()
    content.write(
        "site.toml",
        f'name = "{WORD}"\ntagline = "{WORD}"\nlanguage = "ar"\n'
        + "".join(f'[[navigation]]\nlabel = "{WORD[:40]}"\nto = "/garden/"\n' for _ in range(9)),
    )
    body = f"{WORD} `{WORD * 3}`\n\n## {WORD}\n\n## b\n\n### {WORD}\n\n![{WORD}](../images/w.png)\n"
    content.picture("blogs/garden/images/w.png", 1600, 100)
    content.post(
        "endless",
        body,
        title=f"{WORD} {'A title without end ' * 5}".strip(),
        summary=f"{WORD} {'goes on ' * 45}".strip(),
        tags=[WORD, *(f"tag {number}" for number in range(15))],
        series={"name": WORD, "part": 3},
        authors=["mira", "noor"],
        cover={"image": "../images/w.png", "alt": WORD, "caption": WORD},
    )
    with serving(folder, CONTENT=str(content.root)) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, the one that Debian ships."""
    program = os.environ.get("CHROMIUM") or CHROMIUM.find()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def readers(browser: Browser, site: str) -> Iterator[Readers]:
    """Readers of the shipped site."""
    readers = Readers(browser, site, [])
    yield readers
    for context in readers.opened:
        context.close()


@pytest.fixture
def odd_readers(browser: Browser, odd_site: str) -> Iterator[Readers]:
    """Readers of the site that tries the theme's patience."""
    readers = Readers(browser, odd_site, [])
    yield readers
    for context in readers.opened:
        context.close()


def _shown(body: str) -> Callable[[Any], None]:
    return lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
