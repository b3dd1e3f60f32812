"""A day at the desk of the feedback room: with keys alone, on a phone without a script, by axe."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core import clock
from app.core.content import sync
from app.core.database import db
from app.feedback.credits import signature
from app.feedback.granting import Terms, let_be_public
from app.feedback.models import Channel, Feedback, Kind, State
from app.feedback.records import Credit
from tests.cast import FAY, FEEDBACK
from tests.factories import make_feedback
from tests.people import make_member, make_trusted, sign_in

pytestmark = pytest.mark.browser

LIST = "/admin/feedback/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORDS = {"rule": "words", "sentence": "It has a word of the word list.", "field": "text"}


class _Silent(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(make_app: Any) -> Iterator[tuple[Flask, str]]:
    """The room with a few feedback, and its address."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    address = f"http://localhost:{server.port}"
    app = make_app(BASE_URL=address)
    with app.app_context():
        sync()
        make_member(FAY, role="administrator", blog=FEEDBACK)
        make_trusted(FAY)
        furnish()
        db.session.remove()
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, address
    server.shutdown()
    thread.join()
    server.server_close()


def furnish() -> None:
    """One that is agreed to, three that wait, one by support mail."""
    praise = make_feedback(
        text="Your workshop mended my gate in a day. Call me at +49 30 901820. It swings again!",
        proved_at=clock.now(),
    )
    let_be_public(praise.id, Terms(signature=signature(Credit.FULL, name="Bo Berg"), on_home=True))
    held = {"state": State.HELD}
    make_feedback(text="The paths are *muddy* in November.", kind=Kind.PROBLEM, **held)
    reasons = [WORDS | {"start": 10, "end": 15}]
    make_feedback(text="Buy cheap pills at https://example.org/", reasons=reasons, **held)
    make_feedback(text="A bench near the ferns?", kind=Kind.IDEA, email=None, name=None, **held)
    make_feedback(text="Lovely ferns.", channel=Channel.SUPPORT, email="cy@example.org", ip=None)


@pytest.fixture
def desk(served: tuple[Flask, str], browser: Browser) -> Iterator[Page]:
    """Fay's browser at the list."""
    yield from _open(served, browser, width=1280)


@pytest.fixture
def phone(served: tuple[Flask, str], browser: Browser) -> Iterator[Page]:
    """The same on a phone, without scripts."""
    yield from _open(served, browser, width=360, java_script_enabled=False)


def _open(
    served: tuple[Flask, str], browser: Browser, *, width: int, **habits: Any
) -> Iterator[Page]:
    app, address = served
    token = sign_in(app, FAY).get_cookie("session")
    assert token is not None
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 800}, **habits
    )
    context.add_cookies([{"name": "session", "value": token.value, "url": address}])
    page = context.new_page()
    page.goto(LIST)
    yield page
    context.close()


def states(served: tuple[Flask, str]) -> dict[str, State]:
    """The state of each feedback by its first word."""
    app, _address = served
    with app.app_context():
        return {row.text.split()[0]: row.state for row in db.session.query(Feedback)}


def test_the_queue_is_worked_off_with_keys_alone(desk: Page, served: tuple[Flask, str]) -> None:
    expect(desk).to_have_title("4 to look at · Green Street")
    expect(desk.locator(".item").first).to_contain_text("Its sender agreed to publish it")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    with desk.expect_navigation():
        desk.keyboard.press("a")
    expect(desk.locator(".undo")).to_contain_text("was kept open")
    with desk.expect_navigation():
        desk.keyboard.press("s")
    expect(desk.locator(".undo")).to_contain_text("was marked as spam")
    assert states(served)["Buy"] is State.SPAM
    with desk.expect_navigation():
        desk.keyboard.press("u")
    expect(desk.locator(".undo")).to_contain_text("Taken back")
    assert states(served)["Buy"] is State.HELD
    assert states(served)["The"] is State.OPEN


def test_on_a_phone_without_scripts_words_are_blacked_out_approved_and_taken_down(
    phone: Page, served: tuple[Flask, str]
) -> None:
    phone.get_by_role("link", name="Read and approve").click()
    expect(phone.get_by_label("Why may it be public?")).to_be_visible()
    phone.get_by_role("link", name="Shorten …").click()
    phone.get_by_role("button", name="Black it out").click()
    expect(phone.get_by_label("The wording")).to_have_value(
        "Your workshop mended my gate in a day. Call me at █████. It swings again!"
    )
    phone.get_by_label("Call me at █████.").check()
    phone.get_by_role("button", name="Cut the ticked sentences").click()
    phone.get_by_role("button", name="Keep this wording").click()
    short = phone.locator(".standing").filter(has_text="Shortened, not approved")
    short.get_by_role("button", name="Approve exactly this").click()
    expect(phone.locator(".undo")).to_contain_text("It is public now")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Take it off the wall").click()
    expect(phone.locator(".undo")).to_contain_text("no longer public")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_window(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    for address in (LIST, f"{LIST}1/", f"{LIST}1/shorten/", f"{LIST}5/reword/", f"{LIST}new/"):
        desk.goto(address)
        wide = desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(desk: Page, scheme: Any) -> None:
    desk.emulate_media(color_scheme=scheme)
    for address in (LIST, f"{LIST}1/", f"{LIST}1/shorten/", f"{LIST}5/", f"{LIST}new/"):
        desk.goto(address)
        found = Axe().run(desk, options={"runOnly": {"type": "tag", "values": RULES}})
        assert found.response["violations"] == [], address
