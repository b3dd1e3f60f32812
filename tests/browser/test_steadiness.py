"""A page paints its words first and never moves them, whatever the line and the settings."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.pages import EVERY_KIND, POST, POST_WITH_A_COVER, POST_WITH_FIGURES

pytestmark = pytest.mark.browser

LATE = 400  # milliseconds after the page; long past the time a browser waits for a font
SHIFTED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 100);
})"""
LARGEST = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).element?.tagName ?? "gone"))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap(element =>
  [null, "::before", "::after"].map(part => getComputedStyle(element, part)).filter(style =>
    style.transitionDuration.split(", ").some(time => time !== "0s")
    || style.animationName !== "none").map(() => element.tagName))"""
MOVED = """() => [...document.querySelectorAll("*")].flatMap(element =>
  getComputedStyle(element).transitionProperty.split(", "))"""
CALM = {"all", "none", "color", "background-color", "text-decoration-color", "opacity"}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_font_is_late(readers: Any, width: int) -> None:
    shifts = {}
    for path in ("/", "/features/", "/blog/", POST_WITH_FIGURES, POST_WITH_A_COVER, "/nowhere/"):
        page = readers.open(width)
        held = _hold(page, "**/*.woff2")
        page.goto(path, wait_until="domcontentloaded")
        page.wait_for_timeout(LATE)
        assert held, path
        for route in held:
            route.continue_()
        page.wait_for_load_state("load")
        _read_to_the_end(page)
        shifts[path] = page.evaluate(SHIFTED)
        page.context.close()
    assert {path: shift for path, shift in shifts.items() if shift} == {}


@pytest.mark.parametrize("path", ["/", "/features/", "/pricing/", POST, "/search/?q=cookie"])
def test_the_largest_paint_is_text(readers: Any, path: str) -> None:
    page = readers.open(360)
    page.goto(path)
    assert page.evaluate(LARGEST) in ("P", "H1", "H2", "LI")


def test_readers_who_want_no_motion_get_none(readers: Any) -> None:
    page = readers.open(reduced_motion="reduce")
    for path in EVERY_KIND:
        page.goto(path)
        assert page.evaluate(MOVING) == [], path


def test_only_colours_ever_change_gradually(readers: Any) -> None:
    page = readers.open()
    page.goto(POST_WITH_FIGURES)
    assert set(page.evaluate(MOVED)) <= CALM


def _hold(page: Page, pattern: str) -> list[Route]:
    """What the page asks for and does not get yet."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def _read_to_the_end(page: Page) -> None:
    height = page.evaluate("document.documentElement.scrollHeight")
    for spot in range(0, height, 700):
        page.evaluate("spot => scrollTo({top: spot, behavior: 'instant'})", spot)
    page.wait_for_timeout(100)
