"""WCAG 2.2 AA as far as a machine can judge it, in both schemes, on a phone and on a desk."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

from tests.browser.pages import EVERY_KIND, FAULTS

pytestmark = pytest.mark.browser

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The schemes differ in colours only, so the second one is asked for nothing else.
ASKED = {"light": ALL, "dark": ["color-contrast", "link-in-text-block"]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(readers: Any, width: int) -> None:
    # Without motion, so that no colour is caught on its way to another.
    page = readers.open_broken(width, reduced_motion="reduce")
    found = {}
    for path in (*EVERY_KIND, *FAULTS):
        page.goto(path)
        page.evaluate(Axe().axe_script)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found[f"{path}, {scheme}"] = violations(page, ASKED[scheme])
    assert {where: report for where, report in found.items() if report} == {}


def test_axe_finds_nothing_in_an_open_menu(readers: Any) -> None:
    page = readers.open(360)
    page.goto("/")
    page.get_by_text("Menu").click()
    assert page.get_by_role("link", name="Engineering", exact=True).first.is_visible()
    page.evaluate(Axe().axe_script)
    assert violations(page, ALL) == ""


def test_axe_would_find_something(readers: Any) -> None:
    page = readers.open()
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.evaluate(Axe().axe_script)
    assert "label" in violations(page, ALL)


def violations(page: Page, rules: list[str]) -> str:
    """What axe, which is in the page already, has to say; empty for nothing."""
    results = AxeResults(page.evaluate(RUN, rules))
    return results.generate_report() if results.violations_count else ""
