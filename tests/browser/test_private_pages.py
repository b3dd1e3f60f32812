"""Every private page, on a phone and on a desk: readable, reachable, no wider than its window."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app import create_app
from app.core.config import Config
from tests.browser.test_accessibility import ALL, ASKED, RUN, SCHEMES
from tests.databases import disconnect
from tests.folder import ContentFolder
from tests.house.doors import CAST, DOORS, Street

pytestmark = pytest.mark.browser

#: The owner who administers a blog sees the most.
WHO = "odo"
SHOWN = sorted(
    {
        address
        for _endpoint, method, address, *codes in DOORS
        if method == "GET"
        and codes[CAST.index(WHO)] == "200"
        and address.startswith(("/account/", "/admin/", "/comments/"))
        and not address.endswith(".csv")
    }
)
SIGNED_OUT = ("/account/log-in/", "/account/sign-up/", "/account/reset/")


@pytest.fixture(scope="module")
def street(
    tmp_path_factory: pytest.TempPathFactory, new_database: Any, key_file: Any
) -> Iterator[tuple[Street, str]]:
    """Green Street with everybody in it, at an address of this machine."""
    root = tmp_path_factory.mktemp("street")
    content = ContentFolder(root / "content")
    content.furnish()
    config = Config.for_tests(
        INSTANCE=root, CONTENT=content.root, DATABASE_URL=new_database(), KEY_FILE=key_file
    )
    app = create_app(config)
    street = Street(app, content)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield street, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    disconnect(app)


@pytest.fixture
def enter(browser: Browser, street: tuple[Street, str]) -> Iterator[Any]:
    """A function that opens a browser page, signed in or not."""
    opened = []

    def enter(who: str = WHO, width: int = 1280, **habits: Any) -> Page:
        place, address = street
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 800}, **habits
        )
        opened.append(context)
        cookie = place.browsers[who].get_cookie("session")
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        return context.new_page()

    yield enter
    for context in opened:
        context.close()


def pages(street: tuple[Street, str], page: Page) -> Iterator[str]:
    """Open one private page after the other; their addresses."""
    for pattern in SHOWN:
        address = street[0].address(pattern)
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, address
        yield address


def test_axe_finds_nothing(enter: Any, street: tuple[Street, str]) -> None:
    page = enter(width=360, reduced_motion="reduce")
    found = {}
    for address in pages(street, page):
        page.evaluate(Axe().axe_script)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            results = AxeResults(page.evaluate(RUN, ASKED[scheme]))
            if results.violations_count:
                found[f"{address}, {scheme}"] = results.generate_report()
    assert found == {}


def test_axe_finds_nothing_where_one_signs_in(enter: Any) -> None:
    page = enter("nobody", width=360, reduced_motion="reduce")
    for address in SIGNED_OUT:
        page.goto(address)
        page.evaluate(Axe().axe_script)
        results = AxeResults(page.evaluate(RUN, ALL))
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(
    enter: Any, street: tuple[Street, str], width: int
) -> None:
    page = enter(width=width)
    wide = [
        address
        for address in pages(street, page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth")
    ]
    assert wide == []


def test_no_page_asks_for_what_the_policy_refuses(enter: Any, street: tuple[Street, str]) -> None:
    page, told = enter(), []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    list(pages(street, page))
    assert told == []


def test_what_is_wrong_is_in_focus_without_a_script(enter: Any) -> None:
    page = enter("nobody", java_script_enabled=False)
    page.goto("/account/sign-up/")
    page.get_by_label("Username").fill("x" * 300)
    page.get_by_label("Email").fill("bo@nowhere")
    page.get_by_role("button", name="Send me the link").click()
    assert page.url.endswith("#problems")
    assert page.title().startswith("Error: ")
    assert page.locator("#problems:focus").count() == 1
    page.keyboard.press("Tab")
    assert page.locator("#problems a:focus").count() == 1


def test_the_menu_opens_on_a_phone_and_is_there_on_a_desk(enter: Any) -> None:
    phone = enter(width=360)
    phone.goto("/admin/")
    link = phone.get_by_role("link", name="Audit log")
    assert not link.is_visible()
    phone.locator(".side > summary").click()
    assert link.is_visible()
    desk = enter(width=1280)
    desk.goto("/admin/")
    assert desk.get_by_role("link", name="Audit log").is_visible()
