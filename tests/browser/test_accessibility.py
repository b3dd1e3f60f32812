"""WCAG 2.2 AA as far as a machine can judge it, in both schemes, on a phone and on a desk."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import EVERY_KIND, FAULTS

pytestmark = pytest.mark.browser

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
# The schemes differ in colours only, so the second one is asked for nothing else.
RULES = {
    "light": {"runOnly": ALL, "resultTypes": ["violations"]},
    "dark": {"runOnly": COLOURS, "resultTypes": ["violations"]},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(readers: Any, width: int, scheme: str) -> None:
    page = readers.open_broken(width, color_scheme=scheme)
    found = {}
    for path in (*EVERY_KIND, *FAULTS):
        page.goto(path)
        results = Axe().run(page, options=RULES[scheme])
        if results.violations_count:
            found[path] = results.generate_report()
    assert not found, "\n".join(f"{path}: {report}" for path, report in found.items())


def test_axe_finds_nothing_in_an_open_menu(readers: Any) -> None:
    page = readers.open(360)
    page.goto("/")
    page.get_by_text("Menu").click()
    assert page.get_by_role("link", name="Engineering", exact=True).first.is_visible()
    results = Axe().run(page, options=RULES["light"])
    assert not results.violations_count, results.generate_report()
