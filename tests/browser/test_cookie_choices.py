"""The question about cookies in a real browser: equal, out of the way, and easy to take back."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS
from tests.browser.pages import POST, POST_WITH_CODE
from tests.provision import CHROMIUM

pytestmark = pytest.mark.browser

CHOICES = "/privacy/cookies/"
REFUSE, ACCEPT = "Refuse optional cookies", "Accept optional cookies"
LOOK = """button => {
  const style = getComputedStyle(button), box = button.getBoundingClientRect();
  return [box.width, box.height, style.color, style.backgroundColor, style.borderColor,
    style.borderWidth, style.font, style.opacity, style.textDecoration, style.padding];
}"""
BACKGROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
NIGHT, PAPER = "rgb(21, 23, 26)", "rgb(251, 250, 247)"
KEPT = "() => localStorage.length + sessionStorage.length"
WIDTHS = [320, 768, 1280]
#: What Chromium calls a setting that lets nothing pass.
BLOCK = 2


def banner(page: Page) -> Any:
    return page.get_by_role("region", name="Cookies on Clientflow")


def names(page: Page) -> list[str]:
    return sorted(cookie["name"] for cookie in page.context.cookies())


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(readers: Any, request: pytest.FixtureRequest) -> Page:
    """A post in a browser that has never been here."""
    page = readers.open(java_script_enabled=request.param)
    page.goto(POST)
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_two_answers_look_the_same(readers: Any, width: int, scheme: str) -> None:
    page = readers.open(width, color_scheme=scheme)
    page.goto(POST)
    refuse, accept = (banner(page).get_by_role("button", name=name) for name in (REFUSE, ACCEPT))
    assert refuse.evaluate(LOOK) == accept.evaluate(LOOK)
    first, second = refuse.bounding_box(), accept.bounding_box()
    assert (first["y"], first["x"]) < (second["y"], second["x"])
    assert min(first["height"], second["height"]) >= 44
    gap = second["y"] - first["y"] - first["height"]
    assert gap < 24 or first["y"] == second["y"]
    expect(banner(page).get_by_role("link", name="Choose")).to_have_attribute("href", CHOICES)


@pytest.mark.parametrize("width", WIDTHS)
def test_it_covers_nothing_and_needs_no_scrolling_sideways(readers: Any, width: int) -> None:
    page = readers.open(width, height=256 if width == 320 else 800)
    page.goto(POST)
    assert banner(page).evaluate("part => getComputedStyle(part).position") == "static"
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    under = banner(page).bounding_box()
    header = page.get_by_role("banner").bounding_box()
    assert under["y"] == 0
    assert header["y"] >= under["height"] - 1
    assert page.evaluate("() => document.activeElement === document.body")


def test_the_keyboard_meets_it_first_and_leaves_it_freely(readers: Any) -> None:
    page = readers.open()
    page.goto(POST)
    met = []
    for _stop in range(4):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        met.append(focus.inner_text().strip())
        expect(focus).to_be_in_viewport(ratio=1)
        assert focus.evaluate("part => parseFloat(getComputedStyle(part).outlineWidth)") >= 3
    assert met == [REFUSE, ACCEPT, "Choose", "Skip to the text"]
    page.keyboard.press("Escape")
    expect(banner(page)).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.partition('#')[0]}#choice-saved")
    expect(page.get_by_role("status")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Hide")


@pytest.mark.parametrize("answer", [REFUSE, ACCEPT])
def test_an_answer_leads_back_and_says_so(page: Page, answer: str) -> None:
    banner(page).get_by_role("button", name=answer).click()
    expect(page).to_have_url(f"{page.url.partition(POST)[0]}{POST}#choice-saved")
    expect(banner(page)).to_have_count(0)
    said = page.get_by_role("status").filter(visible=True)
    expect(said).to_contain_text("Your choice is kept.")
    assert names(page) == ["choice", "receipt", *(["seen"] if answer == ACCEPT else [])]
    said.get_by_role("link", name="Hide").click()
    expect(page.get_by_role("status").filter(visible=True)).to_have_count(0)
    page.goto("/")
    expect(banner(page)).to_have_count(0)


def test_back_shows_the_decided_page(page: Page) -> None:
    page.goto("/blog/")
    page.goto(POST)
    banner(page).get_by_role("button", name=REFUSE).click()
    expect(page).to_have_url(f"{page.url.partition(POST)[0]}{POST}#choice-saved")
    page.go_back()
    expect(page).to_have_url(f"{page.url.partition(POST)[0]}{POST}")
    expect(banner(page)).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(banner(page)).to_have_count(0)


@pytest.mark.parametrize("where", ["banner", "footer"])
def test_an_answer_costs_no_letter_of_what_is_typed(page: Page, where: str) -> None:
    page.get_by_label("Your name").fill("Bo")
    page.get_by_label("Your comment").fill("Half a thought,\ntyped with care")
    part = banner(page) if where == "banner" else page.get_by_role("contentinfo")
    part.get_by_role("button", name=REFUSE).click()
    expect(page.get_by_role("status").filter(visible=True)).to_contain_text("Your choice is kept.")
    expect(page.get_by_label("Your comment")).to_have_value("Half a thought,\ntyped with care")
    expect(page.get_by_label("Your name")).to_have_value("Bo")
    assert names(page) == ["choice", "receipt"]
    page.go_back()
    expect(page.get_by_label("Your comment")).to_have_value("Half a thought,\ntyped with care")


def test_one_press_in_the_footer_takes_it_back(page: Page) -> None:
    banner(page).get_by_role("button", name=ACCEPT).click()
    page.goto(POST_WITH_CODE)
    assert names(page) == ["choice", "receipt", "seen"]
    page.get_by_role("contentinfo").get_by_role("button", name=REFUSE).click()
    expect(page.get_by_role("status").filter(visible=True)).to_be_in_viewport()
    assert names(page) == ["choice", "receipt"]
    assert page.url.endswith(f"{POST_WITH_CODE}#choice-noted")


def test_colours_are_remembered_for_who_asked(readers: Any) -> None:
    page = readers.open(color_scheme="light")
    page.goto(POST)
    footer = page.get_by_role("contentinfo")
    footer.get_by_text("Dark", exact=True).click()
    assert page.evaluate(BACKGROUND) == NIGHT
    footer.get_by_role("button", name="Remember").click()
    page.goto("/")
    assert page.evaluate(BACKGROUND) == NIGHT
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    page.goto("/account/log-in/")
    assert page.evaluate(BACKGROUND) == NIGHT
    page.goto("/")
    page.get_by_role("contentinfo").get_by_text("Light", exact=True).click()
    assert page.evaluate(BACKGROUND) == PAPER
    page.get_by_role("contentinfo").get_by_role("button", name=REFUSE).click()
    page.goto(POST)
    assert page.evaluate(BACKGROUND) == PAPER
    assert page.evaluate(KEPT) == 0


def test_light_can_be_remembered_where_the_system_is_dark(readers: Any) -> None:
    page = readers.open(color_scheme="dark", java_script_enabled=True)
    page.goto(CHOICES)
    main = page.get_by_role("main")
    main.get_by_role("group", name="Preferences").get_by_label("Yes").check()
    main.get_by_role("group", name="Colours").get_by_label("Light").check()
    main.get_by_role("button", name="Save this choice").click()
    assert page.evaluate(BACKGROUND) == PAPER
    page.goto("/account/log-in/")
    assert page.evaluate(BACKGROUND) == PAPER


def test_the_receipt_is_sent_to_its_page_alone(readers: Any) -> None:
    page = readers.open()
    page.goto(POST)
    banner(page).get_by_role("button", name=ACCEPT).click()
    sent: dict[str, str] = {}
    page.on(
        "request", lambda asked: sent.update({asked.url: asked.all_headers().get("cookie", "")})
    )
    for path in (POST, "/", "/blog/", CHOICES, "/account/log-in/"):
        page.goto(path)
    with_it = [url for url, cookies in sent.items() if "receipt=" in cookies]
    assert with_it
    assert all(CHOICES in url for url in with_it)
    page.goto(CHOICES)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download it").click()
    assert saved.value.suggested_filename == "cookie-receipt.json"


@pytest.mark.promise("optional-stays-optional")
def test_a_browser_that_blocks_cookies_can_do_everything(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    blocked = {"default_content_setting_values": {"cookies": BLOCK}}
    settings.write_text(json.dumps({"profile": blocked}))
    program = os.environ.get("CHROMIUM") or CHROMIUM.find()
    with browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=program, args=FLAGS, base_url=site
    ) as context:
        page = context.new_page()
        page.goto(POST)
        banner(page).get_by_role("button", name=ACCEPT).click()
        said = page.get_by_role("status").filter(visible=True)
        expect(said).to_contain_text("Your browser keeps no cookies here")
        expect(banner(page)).to_be_visible()
        assert names(page) == []
        page.goto(CHOICES)
        page.get_by_role("button", name="Save this choice").click()
        expect(said).to_contain_text("Your browser keeps no cookies here")
        assert names(page) == []


def test_a_signal_is_heeded_without_a_word(readers: Any) -> None:
    page = readers.open(extra_http_headers={"Sec-GPC": "1"})
    page.goto(POST)
    expect(banner(page)).to_have_count(0)
    expect(page.get_by_role("contentinfo")).to_contain_text("Your browser asks not to be tracked.")
    page.goto(CHOICES)
    measurement = page.get_by_role("group", name="Measurement")
    expect(measurement.get_by_label("Yes")).to_be_disabled()
    assert names(page) == []


def test_every_page_can_be_read_unanswered_and_after_a_refusal(page: Page) -> None:
    """No wall: the text is there, and so is the form to comment."""
    for _answered in range(2):
        page.goto(POST)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_label("Your comment")).to_be_editable()
        page.goto("/account/sign-up/")
        expect(page.get_by_role("main").get_by_role("button").first).to_be_enabled()
        page.goto(POST)
        if banner(page).count():
            banner(page).get_by_role("button", name=REFUSE).click()
