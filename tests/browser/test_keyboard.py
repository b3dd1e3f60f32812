"""The site with the Tab key and nothing else."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import EVERY_KIND, POST_WITH_CODE, POST_WITH_FIGURES

pytestmark = pytest.mark.browser

MOST_STOPS = 150
#: The footer, after which the browser begins anew.
LAST = 5
# What has the focus: where it stands, whether it can be seen, and how it is marked.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const ringed = [element, element.closest("label")].filter(Boolean).map(getComputedStyle);
  const box = (element.closest("label") || element).getBoundingClientRect();
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  const at = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  const parts = ["cookies", "skip", "header", "crumbs", "main", "footer"];
  return {
    name: `${element.tagName} ${element.getAttribute("class") || ""} `
      + (element.textContent || element.value || "").trim().slice(0, 40),
    part: parts.findIndex(part => element.closest(["cookies", "skip", "crumbs"].includes(part)
      ? `.${part}` : `body > ${part}`)),
    hasRing: ringed.some(style => style.outlineStyle === "solid"
      && parseFloat(style.outlineWidth) >= 3
      // The ring of a box that scrolls lies inside it, on the same paper.
      && (parseFloat(style.outlineOffset) >= 2 || element.matches("pre"))),
    isSeen: inside && !!at && (element.contains(at) || at.contains(element)
      || !!at.closest("label")?.contains(element)),
  };
}"""


def stops(page: Page) -> list[dict[str, Any]]:
    """Everything that the Tab key reaches, in order."""
    found: list[dict[str, Any]] = []
    while len(found) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (found and stop["part"] < found[-1]["part"] == LAST):
            return found
        found.append(stop)
    raise AssertionError(f"the focus never leaves the page: {found[-3:]}")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("is_asked", [True, False])
def test_the_first_stop_of_a_page_skips_to_the_text(
    readers: Any, width: int, is_asked: bool
) -> None:
    """Before it are the three stops of the question about cookies, until that is answered."""
    page = readers.open(width)
    if not is_asked:
        page.context.add_cookies([{"name": "choice", "value": "1.1.p0m0", "url": readers.site}])
    page.goto(POST_WITH_CODE)
    for _stop in range(3 * is_asked + 1):
        page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the text")
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [360, 1280])
def test_every_stop_is_seen_ringed_and_in_order(readers: Any, width: int) -> None:
    page = readers.open(width)
    wrong = {}
    for path in (
        "/",
        "/pricing/",
        POST_WITH_CODE,
        POST_WITH_FIGURES,
        "/blog/",
        "/search/?q=cookie",
        "/nowhere/",
    ):
        page.goto(path)
        found = stops(page)
        assert len(found) > 10
        parts = [stop["part"] for stop in found]
        wrong[path] = [stop for stop in found if not (stop["hasRing"] and stop["isSeen"])]
        assert parts == sorted(parts), path
    assert {path: faults for path, faults in wrong.items() if faults} == {}


def test_a_list_of_posts_has_one_stop_each(readers: Any) -> None:
    page = readers.open()
    page.goto("/blog/")
    entries = page.locator(".entry")
    assert entries.count() > 5
    assert entries.locator('a:not([tabindex="-1"])').count() == entries.count()


def test_targets_are_large_enough(readers: Any) -> None:
    """24 by 24 CSS pixels, except for links in running text."""
    page = readers.open(360)
    small = {}
    for path in EVERY_KIND:
        page.goto(path)
        small[path] = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, summary")]
              .filter(element => element.checkVisibility() && !element.matches(".skip")
                && !element.closest("p, .prose, h1, h2, h3, figcaption, .breadcrumbs")
                && !element.closest("label"))
              .map(element => [element.textContent.trim(), element.getBoundingClientRect()])
              .filter(([, box]) => box.height < 24 || box.width < 24)
              .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
        )
    assert {path: targets for path, targets in small.items() if targets} == {}
