"""A guest's journey in a real browser: see what is held, take it along, erase it."""

import re
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Readers
from tests.browser.test_accessibility import ASKED, SCHEMES, violations
from tests.browser.test_reflow import MISFITS
from tests.folder import ContentFolder
from tests.server import serving, wait_until

pytestmark = pytest.mark.browser

HOME = "/privacy/my-data/"
BO = "bo@example.org"
WORDS = "Mine came up in snow."


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Bo's browser at a small site of its own."""
    content = ContentFolder(tmp_path / "content")
    content.furnish()
    content.post("tulips")
    with serving(tmp_path, CONTENT=str(content.root), DEVELOPMENT="yes") as server:
        readers = Readers(browser, f"http://127.0.0.1:{server.port}", [])
        yield readers.open(reduced_motion="reduce")
        for context in readers.opened:
            context.close()


@pytest.fixture
def link(reader: Page, tmp_path: Path) -> Callable[[str], str]:
    """A function that asks for something, and answers the path of the link that is mailed."""
    outbox, read = tmp_path / "instance" / "outbox", set[Path]()

    def newest(prefix: str) -> str | None:
        for file in sorted(set(outbox.glob("*.eml")) - read):
            read.add(file)
            body = BytesParser(policy=policy.default).parsebytes(file.read_bytes()).get_body()
            found = re.search(rf"http\S+({prefix}[\w-]+/)", body.get_content() if body else "")
            if found:
                return found[1]
        return None

    def link(wish: str) -> str:
        reader.goto(HOME)
        reader.get_by_label("Your email").fill(BO)
        reader.get_by_label(wish).check()
        reader.get_by_role("button", name="Send me a link").click()
        reader.get_by_role("heading", name="Look into your mailbox").wait_for()
        found: list[str] = []
        wait_until(lambda: found.extend(filter(None, [newest(HOME)])) or bool(found))
        return urlsplit(found[0]).path

    return link


def test_a_guest_sees_takes_along_and_erases(
    reader: Page, link: Callable[[str], str], tmp_path: Path
) -> None:
    problems: dict[str, Any] = {}
    comment(reader)
    reader.goto(HOME)
    problems["asking"] = examined(reader)
    reader.goto(link("See everything you hold about me"))
    problems["link"] = examined(reader)
    reader.get_by_role("button", name="Show it to me").click()
    reader.get_by_role("cell", name=WORDS).wait_for()
    problems["held"] = examined(reader)
    reader.goto(link("Take it along"))
    with reader.expect_download() as taken:
        reader.get_by_role("button", name="Download it").click()
    taken.value.save_as(tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes().startswith(b"PK")
    reader.goto(link("Erase it"))
    problems["erase"] = examined(reader)
    reader.get_by_label("Everything: also what I wrote").check()
    reader.get_by_role("button", name="Go on").click()
    reader.get_by_text("There is no undo").wait_for()
    problems["sure"] = examined(reader)
    reader.get_by_role("button", name="Erase it for good").click()
    reader.get_by_role("heading", name="It is erased").wait_for()
    problems["erased"] = examined(reader)
    reader.goto("/garden/tulips/")
    assert WORDS not in reader.content()
    assert {where: found for where, found in problems.items() if found} == {}


def comment(page: Page) -> None:
    """Say something under a post, as anybody does."""
    page.goto("/garden/tulips/")
    page.get_by_label("Your name").fill("Bo")
    page.get_by_label("Your email").fill(BO)
    page.get_by_label("Your comment").fill(WORDS)
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Post comment").click()
    page.get_by_text(WORDS).first.wait_for()


def examined(page: Page) -> list[Any]:
    """What is out of reach or does not fit, in both schemes and from narrow to wide."""
    found: list[Any] = []
    page.evaluate(Axe().axe_script)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found.append(violations(page, ASKED[scheme]))
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found.append(page.evaluate(MISFITS))
    return [problem for problem in found if problem]
