"""The private pages of feedback, judged by a machine: nothing cut off, nothing out of reach."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_accessibility import ALL, ASKED, SCHEMES, violations
from tests.browser.test_reflow import MISFITS

pytestmark = pytest.mark.browser

WORDS = "It just works. Write to bo@example.org or call +41 44 668 18 00."


@pytest.fixture
def address(readers: Any) -> str:
    """The private page of a feedback; sent again within the hour, it is the same one."""
    page = readers.open()
    page.goto("/feedback/new/")
    page.get_by_label("Praise").check()
    page.get_by_label("What do you want to tell us?").fill(WORDS)
    page.get_by_label("Your name").fill("Bo Berg")
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("Keep this address").wait_for()
    return str(page.url.partition("#")[0])


def test_every_private_page_is_in_reach_and_fits(readers: Any, address: str) -> None:
    page = readers.open(reduced_motion="reduce")
    found: dict[str, object] = {}
    for name in ("", "publish/", "withdraw/", "erase/"):
        page.goto(address + name)
        page.evaluate(Axe().axe_script)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found[f"{name}, {scheme}"] = violations(page, ASKED[scheme])
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 800})
            found[f"{name}, {width}"] = page.evaluate(MISFITS)
    assert {where: report for where, report in found.items() if report} == {}


def test_a_card_that_changed_is_told_and_in_focus(readers: Any, address: str) -> None:
    page = readers.open(reduced_motion="reduce")
    page.goto(f"{address}publish/")
    page.get_by_role("button", name="Black out all 2").click()
    page.get_by_text("Write to █████").first.wait_for()
    assert "bo@example.org" not in page.locator("article.quote").inner_text()
    page.get_by_label("My full name").check()
    page.get_by_label("I agree to that, word for word").check()
    page.get_by_role("button", name="I let this be public").click()
    page.get_by_text("The card is another now").wait_for()
    page.evaluate(Axe().axe_script)
    assert violations(page, ALL) == ""
    page.get_by_role("button", name="I let this be public").click()
    page.get_by_role("heading", name="Waiting for an administrator").wait_for()
