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
from tests.provision import CHROMIUM, Unprovided, provide

PICTURES = Path(__file__).parents[1] / "docs" / "images"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {"home": "/"}
SIZE: ViewportSize = {"width": 1280, "height": 680}
SHARPNESS = 1.5
LARGEST = 200_000
UNPROVIDED, TOO_LARGE = 3, 1


def main() -> int:
    """Take every page in both colour schemes."""
    try:
        provide((CHROMIUM,))
    except Unprovided as problem:
        tell(str(problem))
        return UNPROVIDED
    os.environ["CHROMIUM"] = CHROMIUM.find() or ""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with site_of() as site, site.served():
        return _take_all(site.address)


def _take_all(address: str) -> int:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        for scheme in SCHEMES:
            page = browser.new_page(
                viewport=SIZE, color_scheme=scheme, device_scale_factor=SHARPNESS
            )
            for name, path in PAGES.items():
                page.goto(address + path, wait_until="networkidle")
                picture = _webp(page.screenshot())
                if len(picture) > LARGEST:
                    tell(f"{name}-{scheme}: {len(picture):,} bytes; the limit is {LARGEST:,}.")
                    return TOO_LARGE
                (PICTURES / f"{name}-{scheme}.webp").write_bytes(picture)
                tell(f"docs/images/{name}-{scheme}.webp: {len(picture):,} bytes")
        browser.close()
    return 0


def _webp(screenshot: bytes) -> bytes:
    """The same pixels in a file a third as large."""
    out = io.BytesIO()
    Image.open(io.BytesIO(screenshot)).convert("RGB").save(out, "WEBP", lossless=True, method=6)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
