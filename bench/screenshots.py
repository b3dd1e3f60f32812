"""`make screenshots`: the pictures of the README, taken from the shipped site."""

import io
import os
import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from bench.report import tell
from bench.site import site_of
from bench.visit import FLAGS
from tests.provision import CHROMIUM, UNPROVIDED, Unprovided, provide

PICTURES = Path(__file__).parents[1] / "docs" / "images"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZE: ViewportSize = {"width": 1280, "height": 680}


def main() -> int:
    """Take the home page in both colour schemes."""
    try:
        provide((CHROMIUM,))
    except Unprovided as problem:
        tell(str(problem))
        return UNPROVIDED
    PICTURES.mkdir(parents=True, exist_ok=True)
    with site_of() as site, site.served(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        for scheme in SCHEMES:
            page = browser.new_page(viewport=SIZE, color_scheme=scheme, device_scale_factor=1.5)
            page.goto(site.address, wait_until="networkidle")
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.save(PICTURES / f"home-{scheme}.webp", lossless=True, method=6)
            tell(f"docs/images/home-{scheme}.webp")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
