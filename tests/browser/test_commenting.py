"""A reader's comment from the form to its end, with scripts switched off."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pages import POST

pytestmark = pytest.mark.browser


@pytest.fixture(params=[320, 1280])
def page(readers: Any, request: pytest.FixtureRequest) -> Page:
    """A post without scripts, on a small and on a wide screen."""
    page = readers.open(request.param, java_script_enabled=False)
    page.goto(POST)
    return page


def write(page: Page, text: str, email: str = "bo@example.org") -> None:
    page.get_by_label("Your name").fill("Bo")
    page.get_by_label("Your email").fill(email)
    page.get_by_label("Your comment").fill(text)


def test_no_state_of_the_form_is_wider_than_the_screen(page: Page) -> None:
    write(page, "w" * 300)
    page.get_by_label("Your name").fill("n" * 200)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("#problems")).to_be_visible()
    assert _fits(page)
    page.get_by_label("Your name").fill("n" * 80)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#comment-preview")).to_be_visible()
    assert _fits(page)


def test_back_after_a_preview_does_not_lose_the_text(readers: Any) -> None:
    page = readers.open(java_script_enabled=False)
    page.goto(POST)
    write(page, "Not lost.")
    page.get_by_role("button", name="Preview").click()
    page.go_back()
    expect(page.get_by_label("Your comment")).to_have_value("Not lost.")


def test_the_answer_to_a_form_is_accessible(readers: Any) -> None:
    page = readers.open()
    page.goto(POST)
    write(page, "Read *aloud*.", email="bo@nowhere")
    page.get_by_role("button", name="Post comment").click()
    assert _violations(page) == []
    page.get_by_label("Your email").fill("bo@example.org")
    page.get_by_role("button", name="Preview").click()
    assert _violations(page) == []


# Last, as one address may post twice a minute, and then has to wait with previews too.
def test_a_comment_is_written_looked_at_posted_changed_and_deleted(page: Page) -> None:
    width = page.viewport_size["width"]
    write(page, f"Read at *{width}* pixels.", email="bo@nowhere")
    page.get_by_role("button", name="Post comment").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("Your comment")).to_have_value(f"Read at *{width}* pixels.")
    page.locator("#problems a").click()
    expect(page.get_by_label("Your email")).to_be_in_viewport()

    page.get_by_label("Your email").fill("bo@example.org")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#comment-preview")
    expect(preview).to_be_in_viewport()
    expect(preview.locator("em")).to_have_text(str(width))

    # No faster than a person reads a preview.
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for a moderator")
    page.get_by_label("Your comment").fill("Changed my mind.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_role("article")).to_contain_text("Changed my mind.")

    page.get_by_text("Delete it", exact=True).click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deleted")
    page.go_back()
    page.goto(POST)
    expect(page.get_by_text("Changed my mind.")).to_have_count(0)


def _fits(page: Page) -> bool:
    box = page.locator("#comments").bounding_box()
    return box is not None and box["x"] + box["width"] <= page.viewport_size["width"]


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
