"""A sender's journey without a script: sent, agreed to, approved, on the wall, taken back, gone."""

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core.content import sync
from app.core.database import db
from app.feedback.models import Kind
from tests.factories import make_card
from tests.folder import ContentFolder
from tests.people import make_member, make_trusted, sign_in

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORDS = "It just works, and the bulbs arrived on time."
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class _Silent(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(make_app: Any, content: ContentFolder) -> Iterator[tuple[Flask, str]]:
    """Green Street with a contact page, Mira in the feedback room, and its address."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    address = f"http://localhost:{server.port}"
    content.page("home", sections=[{"type": "quotes", "title": "They say"}])
    content.page("contact", sections=[{"type": "contact", "title": "Write to us"}])
    app = make_app(BASE_URL=address)
    with app.app_context():
        sync()
        make_member("mira", role="administrator", blog="feedback")
        make_trusted("mira")
        db.session.remove()
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(browser: Browser, served: tuple[Flask, str]) -> Iterator[Any]:
    """A function that opens a fresh browser on Green Street; `by` is who is signed in."""
    app, address = served
    contexts: list[BrowserContext] = []

    def open_page(by: str | None = None, **habits: Any) -> Page:
        context = browser.new_context(base_url=address, **habits)
        contexts.append(context)
        if by is not None:
            cookie = sign_in(app, by).get_cookie("session")
            assert cookie
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_sender_without_scripts_goes_all_the_way_and_back(opened: Any) -> None:
    bo = opened(java_script_enabled=False, viewport=PHONE)
    own = _send(bo)
    ada = opened(java_script_enabled=False)
    ada.goto("/feedback/")
    expect(ada.locator("article")).to_have_count(0)

    previewed = _agree(bo, own)
    number = bo.get_by_text("Receipt number").inner_text().split()[-1]
    ada.goto("/feedback/")
    expect(ada.locator("article")).to_have_count(0)

    mira = opened(by="mira", viewport=DESK)
    mira.goto(f"/admin/feedback/{number}/")
    mira.get_by_role("button", name="Approve exactly this").click()
    expect(mira.get_by_role("heading", name="Public now")).to_be_visible()
    for place in ("/feedback/", f"/feedback/{number}/", "/"):
        ada.goto(place)
        assert ada.locator("article").evaluate("card => card.outerHTML") == previewed

    bo.goto(f"{own}withdraw/")
    bo.get_by_role("button", name="Take it back").click()
    for place in ("/feedback/", "/"):
        ada.goto(place)
        expect(ada.get_by_text(WORDS)).to_have_count(0)
    gone = ada.goto(f"/feedback/{number}/")
    assert gone is not None
    assert gone.status == 410
    expect(ada.get_by_role("heading", level=1)).to_have_text("This feedback is no longer public")


def test_a_message_without_scripts_stays_between_two(opened: Any) -> None:
    bo = opened(java_script_enabled=False, viewport=PHONE)
    bo.goto("/contact/")
    expect(bo.get_by_role("link", name="hello@example.org")).to_be_visible()
    bo.wait_for_timeout(2_100)
    bo.get_by_label("Your message").fill("Do you also mend clocks?")
    bo.get_by_role("button", name="Send message").click()
    assert urlsplit(bo.url).path.startswith("/feedback/mine/")
    expect(bo.get_by_text("Do you also mend clocks?")).to_be_visible()
    expect(bo.get_by_text("public")).to_have_count(0)


@pytest.mark.parametrize("view", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_what_visitors_meet(
    served: tuple[Flask, str], opened: Any, view: Any
) -> None:
    app, _address = served
    quiet = {"Sec-GPC": "1"}
    page = opened(viewport=view, reduced_motion="reduce", extra_http_headers=quiet)
    found = {"empty wall": _violations(page, "/feedback/")}
    with app.app_context():
        quoted = "> Straße\n\nIt *does* now. `umlauts` work.\n\n- one\n- two"
        numbers = [
            make_card(text=quoted, kind=Kind.PROBLEM, credit="Bo Berg"),
            make_card(text=WORDS, on_home=True),
        ]
        db.session.remove()
    for path in ("/", "/contact/", "/feedback/", "/feedback/praise/", "/feedback/new/"):
        found[path] = _violations(page, path)
    found["card"] = _violations(page, f"/feedback/{numbers[0]}/")
    found["before"] = _violations(page, f"/feedback/before/{numbers[1]}/")
    page.goto("/contact/")
    page.get_by_role("button", name="Send message").click()
    found["an error"] = _violations(page)
    assert {where: report for where, report in found.items() if report} == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _send(page: Page) -> str:
    """Bo's feedback from the form; the address of his own page."""
    page.goto("/feedback/new/")
    # Whoever sends within two seconds is asked to look again.
    page.wait_for_timeout(2_100)
    page.get_by_label("Praise").check()
    page.get_by_label("What do you want to tell us?").fill(WORDS)
    page.get_by_label("Your name").fill("Bo Berg")
    page.get_by_role("button", name="Send it").click()
    own = urlsplit(page.url).path
    assert own.startswith("/feedback/mine/")
    return own


def _agree(page: Page, own: str) -> str:
    """The second act; the card as it was shown before."""
    page.goto(f"{own}publish/")
    assert page.locator("main").locator("input:checked").count() == 0
    page.get_by_label("My first name").check()
    page.get_by_label("Your name").fill("Bo Berg")
    page.get_by_role("button", name="Show the card").click()
    card = page.locator("#card article").evaluate("card => card.outerHTML")
    assert ">Bo<" in card
    page.get_by_label("I agree to that, word for word").check()
    page.get_by_label("The home page may quote it.").check()
    page.get_by_role("button", name="I let this be public").click()
    assert urlsplit(page.url).path == own
    return card


def _violations(page: Page, path: str | None = None) -> str:
    """What axe has to say, in both schemes."""
    if path is not None:
        page.goto(path)
    page.evaluate(Axe().axe_script)
    said = []
    for scheme, rules in (("light", RULES), ("dark", ["color-contrast", "link-in-text-block"])):
        page.emulate_media(color_scheme=scheme)
        run = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
        results = AxeResults(page.evaluate(run, rules))
        said += [results.generate_report()] if results.violations_count else []
    return "\n".join(said)
