"""A new site from its first start: an owner, a member, and their accounts, in a real browser."""

import re
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Readers
from tests.folder import ContentFolder
from tests.server import Server, serving, wait_until

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"
RUN = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]})"""
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Server]:
    """A site that was never started before."""
    ContentFolder(tmp_path / "content").furnish()
    with serving(tmp_path, CONTENT=str(tmp_path / "content")) as server:
        wait_until(lambda: "first-owner" in server.log.read_text())
        yield server


@pytest.fixture
def people(browser: Browser, new_site: Server) -> Iterator[Readers]:
    """Browsers at the new site."""
    readers = Readers(browser, f"http://127.0.0.1:{new_site.port}", [])
    yield readers
    for context in readers.opened:
        context.close()


def printed(server: Server) -> str:
    """The link that the console shows."""
    found = re.search(r"\S+/account/first-owner/\S+", server.log.read_text())
    assert found
    return found[0]


def mailed_link(folder: Path) -> str:
    """The link of the first mail that is written down."""
    mails = folder / "instance" / "outbox"
    wait_until(lambda: list(mails.glob("*.eml")))
    letter = BytesParser(policy=policy.default).parsebytes(next(mails.glob("*.eml")).read_bytes())
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"http\S+/account/link/\S+", body.get_content())
    assert found
    return found[0]


def become_owner(page: Page, server: Server) -> None:
    page.goto(printed(server))
    page.get_by_label("Username").fill("otto")
    page.get_by_label("Email").fill("otto@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Become the owner").click()


def test_an_owner_and_a_member_find_their_way_without_a_script(
    people: Readers, new_site: Server, tmp_path: Path
) -> None:
    otto = people.open(360, java_script_enabled=False)
    become_owner(otto, new_site)
    expect(otto).to_have_url(re.compile("/account/first-look/"))
    otto.get_by_role("button", name="Log out").click()
    expect(otto).to_have_url(re.compile(r":\d+/$"))

    ada = people.open(360, java_script_enabled=False)
    ada.goto("/")
    ada.get_by_role("link", name="Account").click()
    ada.get_by_role("link", name="Open an account").click()
    ada.get_by_label("Username").fill("ada")
    ada.get_by_label("Email").fill("ada@example.org")
    ada.get_by_role("button", name="Send me the link").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    ada.goto(mailed_link(tmp_path))
    ada.get_by_role("button", name="Open my account").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Profile")

    ada.goto("/account/security/")
    ada.get_by_label("Password", exact=True).fill("short")
    ada.get_by_role("button", name="Set the password").click()
    expect(ada.get_by_role("alert")).to_be_focused()
    ada.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.get_by_role("button", name="Set the password").click()
    expect(ada.get_by_text("The password is set")).to_be_visible()


def test_everything_can_be_done_with_the_keyboard(people: Readers, new_site: Server) -> None:
    page = people.open()
    become_owner(page, new_site)
    page.get_by_role("button", name="Log out").click()
    page.goto("/account/log-in/")
    page.get_by_label("Username or email").focus()
    page.keyboard.type("otto")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")


def test_a_password_can_be_looked_at_while_it_is_typed(people: Readers) -> None:
    page = people.open()
    page.goto("/account/log-in/")
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value(PASSWORD)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_overflows(
    people: Readers, new_site: Server, width: int
) -> None:
    page = people.open(width, reduced_motion="reduce")
    found: dict[str, Any] = {}
    paths = ["sign-up/", "log-in/", "log-in/link/", "reset/", "sent/"]
    for path in paths:
        page.goto(f"/account/{path}")
        found |= judged(page, path)
    page.goto("/account/sign-up/")
    page.get_by_role("button", name="Send me the link").click()
    found |= judged(page, "sign-up/ with errors")
    page.goto(printed(new_site))
    found |= judged(page, "first-owner/")
    become_owner(page, new_site)
    for path in ("", "email/", "security/", "security/#changed", "privacy/", "close/", "confirm/"):
        page.goto(f"/account/{path}")
        found |= judged(page, path)
    assert {where: report for where, report in found.items() if report} == {}


def judged(page: Page, where: str) -> dict[str, str]:
    """What is wrong with the page, by scheme."""
    page.evaluate(Axe().axe_script)
    reports = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        results = AxeResults(page.evaluate(RUN, ALL))
        reports[f"{where}, {scheme}"] = (
            results.generate_report() if results.violations_count else ""
        )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return reports | {f"{where}, width": "scrolls sideways" if wide else ""}
