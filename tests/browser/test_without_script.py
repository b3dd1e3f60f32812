"""Every task of a reader with scripts switched off."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import POST_WITH_CODE, POST_WITH_FIGURES

pytestmark = pytest.mark.browser

BACKGROUND = "root => getComputedStyle(root).backgroundColor"


@pytest.fixture(params=[320, 1280])
def page(readers: Any, request: pytest.FixtureRequest) -> Page:
    """The home page without scripts, on a small and on a wide screen."""
    page = readers.open(request.param, java_script_enabled=False)
    page.goto("/")
    return page


def test_the_menu_leads_to_a_post(page: Page) -> None:
    if page.viewport_size["width"] == 320:
        page.get_by_text("Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Blog").click()
    expect(page).to_have_url(page.url.partition("/blog")[0] + "/blog/")
    page.get_by_role("link", name="Writing a post").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Writing a post")
    current = page.locator("header nav [aria-current]")
    expect(current).to_have_text("Blog")


def test_the_menu_opens_and_closes_by_keyboard(readers: Any) -> None:
    page = readers.open(320, java_script_enabled=False)
    page.goto("/")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.locator(".menu > summary").press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Features")
    page.locator(".menu > summary").press("Space")
    expect(menu).to_be_hidden()


def test_search_finds_and_back_returns(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    page.get_by_label("Words to look for").fill("cookies")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("cookies")
    assert page.locator("mark").count() > 0
    page.locator(".results a").first.click()
    expect(page.locator("main h1")).not_to_contain_text("Results")
    page.go_back()
    expect(page.get_by_label("Words to look for")).to_have_value("cookies")
    assert page.locator(".results a").count() > 0
    page.go_back()
    expect(page).to_have_url(page.url.partition("/search")[0] + "/search/")


def test_a_search_without_results_suggests_tags(page: Page) -> None:
    page.goto("/search/?q=zzzzzz")
    page.get_by_role("main").get_by_role("link", name="privacy").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("privacy")


def test_the_contents_lead_into_the_text(page: Page) -> None:
    page.goto(POST_WITH_CODE)
    if page.viewport_size["width"] == 320:
        page.locator("summary", has_text="On this page").click()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Tables").click()
    expect(page.locator("h2#tables")).to_be_in_viewport()


def test_footnotes_lead_there_and_back(page: Page) -> None:
    page.goto(POST_WITH_FIGURES)
    page.locator(".footnote-ref a").first.click()
    expect(page.locator(".footnotes li").first).to_be_in_viewport()
    page.get_by_role("link", name="Back to reference 1").first.click()
    expect(page.locator(".footnote-ref a").first).to_be_in_viewport()


def test_the_colours_change_by_keyboard_and_nothing_is_stored(page: Page) -> None:
    root = page.locator("html")
    before = root.evaluate(BACKGROUND)
    page.get_by_role("radio", name="Auto").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    assert root.evaluate(BACKGROUND) != before
    assert page.context.cookies() == []
    page.goto("/blog/")
    assert root.evaluate(BACKGROUND) == before


def test_the_light_colours_can_be_chosen_in_the_dark(readers: Any) -> None:
    page = readers.open(360, color_scheme="dark", java_script_enabled=False)
    page.goto("/")
    dark = page.locator("html").evaluate(BACKGROUND)
    page.get_by_text("Light", exact=True).click()
    assert page.locator("html").evaluate(BACKGROUND) != dark


def test_a_page_reads_in_order_without_its_style_sheet(readers: Any) -> None:
    page = readers.open(360, java_script_enabled=False)
    page.route("**/*.css", lambda route: route.abort())
    page.goto(POST_WITH_CODE)
    spots = [
        page.locator(part).first.bounding_box()["y"]
        for part in (".skip", "header .brand", "main h1", "main .prose", "body > footer")
    ]
    assert spots == sorted(spots)
