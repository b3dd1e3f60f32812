"""`make screenshots`: the pictures of the README, taken from the shipped site."""

import os
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import ViewportSize, sync_playwright

from bench.report import tell
from bench.site import site_of
from bench.visit import FLAGS
from tests.provision import CHROMIUM, Unprovided, provide

PICTURES = Path(__file__).parents[1] / "docs" / "images"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {"home": "/", "blog": "/blog/"}
SIZE: ViewportSize = {"width": 1280, "height": 800}


def main() -> int:
    """Take every page in both colour schemes."""
    try:
        provide((CHROMIUM,))
    except Unprovided as problem:
        tell(str(problem))
        return 3
    os.environ["CHROMIUM"] = CHROMIUM.find() or ""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with site_of() as site, site.served(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        for scheme in SCHEMES:
            page = browser.new_page(viewport=SIZE, color_scheme=scheme, device_scale_factor=1.5)
            for name, path in PAGES.items():
                page.goto(site.address + path, wait_until="networkidle")
                page.screenshot(path=PICTURES / f"{name}-{scheme}.png")
                tell(f"docs/images/{name}-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
