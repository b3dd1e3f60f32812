"""The site on paper, and in the colours that a reader's system forces upon it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import EVERY_KIND, POST_WITH_CODE, POST_WITH_FIGURES

pytestmark = pytest.mark.browser

AFTER = "link => getComputedStyle(link, '::after').content"
HAS_BORDER = """element => {
  const style = getComputedStyle(element);
  return parseFloat(style.borderTopWidth) > 0 && !style.borderTopColor.startsWith("rgba");
}"""


@pytest.fixture
def paper(readers: Any) -> Page:
    """The post with everything on it, printed by somebody who reads in the dark."""
    page = readers.open(794, 1123, color_scheme="dark")
    page.goto(POST_WITH_CODE)
    page.emulate_media(media="print", color_scheme="dark")
    return page


def test_paper_has_no_navigation(paper: Page) -> None:
    for part in ("header nav", ".menu", ".skip", ".crumbs", ".contents", ".scheme", "footer nav"):
        expect(paper.locator(part).first).to_be_hidden()
    expect(paper.locator("main h1")).to_be_visible()
    expect(paper.locator(".prose")).to_be_visible()


def test_paper_shows_where_links_lead(paper: Page) -> None:
    link = paper.locator('.prose p a[href^="/"]').first
    assert link.get_attribute("href") in link.evaluate(AFTER)
    anchor = paper.locator(".anchor").first
    expect(anchor).to_be_hidden()


def test_paper_saves_ink(paper: Page) -> None:
    colours = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    background, ink = paper.locator("html").evaluate(colours)
    assert background in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert ink == "rgb(0, 0, 0)"
    for address, part in ((POST_WITH_CODE, ".code"), (POST_WITH_FIGURES, ".callout")):
        paper.goto(address)
        background, _ = paper.locator(part).first.evaluate(colours)
        assert background in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), part


def test_dark_parts_of_marketing_pages_are_not_printed_dark(readers: Any) -> None:
    page = readers.open(794, 1123)
    page.goto("/")
    page.emulate_media(media="print")
    for night in page.locator(".night").all():
        colours = night.evaluate(
            "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
        )
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_long_code_is_printed_whole(paper: Page) -> None:
    cut = paper.evaluate(
        """() => [...document.querySelectorAll("pre, .table")]
          .filter(box => box.scrollWidth > box.clientWidth + 1).length"""
    )
    assert cut == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_what_colours_said(readers: Any, scheme: str) -> None:
    page = readers.open(1280, forced_colors="active", color_scheme=scheme)
    page.goto("/")
    for button in page.locator("main .button").all():
        assert button.evaluate(HAS_BORDER)
    # A box shadow is not drawn, so the current page must be marked by something else.
    page.goto("/blog/")
    current = page.locator("header nav [aria-current]")
    others = page.locator("header nav a:not([aria-current])").first
    look = """link => { const style = getComputedStyle(link);
      return [style.textDecorationLine, style.borderBlockEndWidth, style.outlineStyle,
        style.fontWeight].join(); }"""
    assert current.evaluate(look) != others.evaluate(look)
    chosen = page.locator(".scheme label:has(:checked)")
    unchosen = page.locator(".scheme label:not(:has(:checked))").first
    assert chosen.evaluate(look) != unchosen.evaluate(look)


def test_forced_colours_hide_no_words(readers: Any) -> None:
    page = readers.open(360, forced_colors="active")
    hidden = {}
    for path in EVERY_KIND:
        page.goto(path)
        hidden[path] = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter(element =>
                [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
                && element.checkVisibility()).filter(element => {
              const style = getComputedStyle(element);
              return style.color === style.backgroundColor;
            }).map(element => element.textContent.trim().slice(0, 40))"""
        )
    assert {path: words for path, words in hidden.items() if words} == {}
