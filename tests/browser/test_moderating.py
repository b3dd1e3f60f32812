"""A moderator's day: on the desk with keys alone, on a phone without a script, and read by axe."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe, AxeResults
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from app.comments import Comment, State
from app.core.database import db, transaction
from app.core.privacy import seal
from app.moderation import Guess, Trust
from tests.cast import GARDEN, MIRA
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import blog_id, make_member, make_trusted, member, sign_in

pytestmark = pytest.mark.browser

LIST = "/admin/comments/"
PAGES = (LIST, f"{LIST}?state=spam", *(f"{LIST}{end}" for end in ("3/", "9/", "all/", "find/")))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINKS = {"rule": "links", "sentence": "It has 1 link; no link may pass.", "field": "text"}
FIRST = {"rule": "first", "sentence": "It is the author's first comment here.", "field": None}


class _Silent(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(make_app: Any, content: ContentFolder) -> Iterator[tuple[Flask, str]]:
    """A garden with five comments that wait, and its address."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Silent)
    address = f"http://localhost:{server.port}"
    content.post("tulips", title="Tulips in November")
    app = make_app(BASE_URL=address)
    with app.app_context():
        from app.core.content import sync

        sync()
        make_member(MIRA, role="administrator", blog=GARDEN)
        make_trusted(MIRA)
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
    """Five comments that wait, under one that is shown."""
    parent = make_comment(
        text="Mine are three inches tall, and it is not even Christmas.",
        name="Ada",
        email="ada@example.org",
        ip="192.0.2.20",
    )
    plain = {"start": None, "end": None}
    make_comment(
        text="I planted mine in *October* and they came up far too early.",
        state=State.HELD,
        parent=parent,
        reasons=[FIRST | plain],
    )
    for number in range(3):
        make_comment(
            text=f"Great post! Visit http://pills-{number}.example now",
            name=f"cheap_pills_{number}",
            email=f"pills{number}@example.com",
            ip="198.51.100.7",
            state=State.HELD,
            reasons=[LINKS | {"start": 18, "end": 41}, FIRST | plain],
        )
    make_comment(text="May I plant them in pots?", name="Cy", ip="192.0.2.9", state=State.HELD)


def sort_some(app: Flask) -> None:
    """Two more in the spam folder; the sorter has spoken of them, and of one that waits."""
    with app.app_context():
        for percent, state in ((4, State.SPAM), (97, State.SPAM), (98, State.HELD)):
            made = make_comment(text="Order at the best casino.", state=state)
            with transaction() as session:
                facts = {"blog_id": made.blog_id, "item_uid": made.uid, "percent": percent}
                session.add(Guess(**facts, places=[[18, 24]], changes=60))


def states(app: Flask) -> list[str]:
    """The states of all comments in the order in which they came."""
    with app.app_context():
        return [row.state.value for row in db.session.query(Comment).order_by(Comment.id)]


def opened(browser: Browser, served: tuple[Flask, str], **habits: Any) -> Page:
    """A page of Mira's browser."""
    app, address = served
    context = browser.new_context(base_url=address, **habits)
    cookie = sign_in(app, MIRA).get_cookie("session")
    assert cookie
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


@pytest.fixture
def desk(browser: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """Mira's screen on a desk, with scripts; a word on its console is a failure."""
    page = opened(browser, served, viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    yield page
    page.context.close()
    assert complaints == []


@pytest.fixture
def phone(browser: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """Mira's phone, as narrow as phones are, without scripts."""
    page = opened(
        browser, served, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    yield page
    page.context.close()


def test_a_day_with_keys_alone(served: tuple[Flask, str], desk: Page) -> None:
    app, _address = served
    press = desk.keyboard.press
    desk.goto(LIST)
    expect(desk).to_have_title(re.compile("^5 comments wait"))

    press("a")
    expect(desk.locator("#told")).to_have_text("Choose one first.")
    press("j")
    expect(desk.locator(":focus")).to_contain_text("they came up far too early")
    press("a")
    expect(desk).to_have_title(re.compile("^4 comments wait"))
    expect(desk.locator("li:focus")).to_contain_text("cheap_pills_0")
    expect(desk.locator("#told")).to_contain_text("was approved")

    press("s")
    expect(desk).to_have_title(re.compile("^3 comments wait"))
    press("u")
    expect(desk).to_have_title(re.compile("^4 comments wait"))
    expect(desk.locator("li:focus")).to_contain_text("cheap_pills_0")

    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(desk.locator("#bulk-count")).to_have_text("3 chosen")
    desk.get_by_role("group", name="What to do").get_by_role("button", name="Spam").click()
    expect(desk).to_have_title(re.compile("^1 comment waits"))
    assert states(app) == ["shown", "shown", "spam", "spam", "spam", "held"]

    expect(desk.locator("li:focus")).to_contain_text("May I plant them in pots?")
    press("r")
    expect(desk.locator("#w-text")).to_be_visible()
    desk.locator("#w-text").fill("You may. jkastru are letters here.")
    desk.get_by_role("button", name="Approve and reply").click()
    expect(desk).to_have_title(re.compile("^No comment waits"))
    assert states(app) == ["shown", "shown", "spam", "spam", "spam", "shown", "shown"]


def test_keys_rest_while_one_types_and_can_be_changed_and_switched_off(
    served: tuple[Flask, str], desk: Page
) -> None:
    app, _address = served
    desk.goto(LIST)
    desk.get_by_text("Filter", exact=True).click()
    desk.get_by_label("Words in the comment").focus()
    desk.keyboard.type("jaspu")
    assert states(app).count("held") == 5
    desk.keyboard.press("Escape")

    desk.locator("h1").click()
    desk.keyboard.press("?")
    expect(desk.get_by_label("Refuse", exact=True)).to_be_visible()
    desk.get_by_label("Spam", exact=True).fill("z")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Keep these keys").click()
    desk.keyboard.press("j")
    desk.keyboard.press("s")
    expect(desk).to_have_title(re.compile("^5 comments wait"))
    desk.keyboard.press("z")
    expect(desk).to_have_title(re.compile("^4 comments wait"))

    desk.get_by_text("Keys", exact=True).click()
    desk.get_by_role("button", name="Switch all keys off").click()
    expect(desk.get_by_text("Keys are off")).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk).to_have_title(re.compile("^4 comments wait"))
    assert desk.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_look_is_covered_again_by_loading_the_page(served: tuple[Flask, str], desk: Page) -> None:
    desk.goto(f"{LIST}2/")
    desk.get_by_role("button", name="Reveal the email").click()
    expect(desk.get_by_text("bo@example.org")).to_be_visible()
    expect(desk.get_by_text(re.compile(r"recorded as #\d+"))).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("b•••@e•••.org").first).to_be_visible()
    expect(desk.get_by_text("bo@example.org")).to_have_count(0)


def test_a_day_on_a_phone_without_a_script(served: tuple[Flask, str], phone: Page) -> None:
    app, _address = served
    phone.goto(LIST)
    first = phone.locator(".item").first
    first.get_by_role("button", name="Approve").click()
    expect(phone.get_by_text("The comment of Bo was approved.")).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_text("everything is as it was before")).to_be_visible()

    for name in ("cheap_pills_0", "cheap_pills_1", "cheap_pills_2"):
        phone.get_by_label(f"Choose {name}").check()
    phone.get_by_role("group", name="What to do").get_by_role("button", name="Spam").click()
    expect(phone.get_by_text("3 were marked as spam.")).to_be_visible()

    phone.get_by_role("link", name="Cy", exact=True).click()
    phone.get_by_role("link", name="Refuse with a reason").click()
    phone.locator("#w-text").fill("Ask under the post about pots.")
    phone.get_by_role("group").or_(phone.locator("#words")).get_by_role(
        "button", name="Refuse"
    ).click()
    expect(phone).to_have_title(re.compile("^1 comment waits"))
    assert states(app) == ["shown", "held", "spam", "spam", "spam", "rejected"]

    phone.get_by_text("Find by email or address").click()
    phone.get_by_label("Email or address").fill("bo@example.org")
    phone.get_by_role("button", name="Find").click()
    expect(phone.locator(".item")).to_have_count(2)


def test_a_report_a_saved_answer_and_trust_without_a_script(
    served: tuple[Flask, str], phone: Page
) -> None:
    app, _address = served
    with app.app_context(), transaction() as session:
        email = seal("ada@example.org")
        garden = {"blog_id": blog_id(GARDEN), "created_by": member(MIRA).id}
        session.add(Trust(**garden, email=email, name="Ada"))

    phone.goto("/comments/1/report/")
    phone.get_by_label("I think that it is against the law").check()
    phone.get_by_label("Anything to add?").fill("It offers bulbs that nobody may sell.")
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")

    phone.goto("/admin/reports/")
    expect(phone.get_by_text("It offers bulbs that nobody may sell.")).to_be_visible()
    phone.get_by_role("button", name="It stays").click()
    expect(phone.get_by_text("The reports are answered: it stays.")).to_be_visible()

    phone.goto(f"/admin/replies/{GARDEN}/")
    phone.get_by_label("Title").fill("Pots")
    phone.get_by_label("Text").fill("Yes, {name}, pots do under “{post}”.")
    phone.get_by_role("button", name="Keep it").click()
    phone.goto(f"{LIST}6/")
    phone.get_by_role("link", name="Pots").click()
    expect(phone.locator("#w-text")).to_have_value("Yes, Cy, pots do under “Tulips in November”.")
    phone.locator("#words").get_by_role("button", name="Approve").click()
    assert states(app)[5:] == ["shown", "shown"]

    phone.goto("/admin/trust/")
    phone.get_by_role("link", name="Take back from Ada").click()
    phone.get_by_role("button", name="Take").click()
    expect(phone.get_by_text("Trust is taken back.")).to_be_visible()
    expect(phone.get_by_text("Nobody is trusted yet.")).to_be_visible()


def test_no_page_is_wider_than_the_phone(served: tuple[Flask, str], phone: Page) -> None:
    sort_some(served[0])
    for path in (*PAGES, f"{LIST}?state=all"):
        phone.goto(path)
        box = phone.locator("main").bounding_box()
        assert box
        assert box["x"] + box["width"] <= 320, path


def test_axe_finds_nothing(served: tuple[Flask, str], desk: Page) -> None:
    sort_some(served[0])
    found = {}
    for path in PAGES:
        desk.goto(path)
        desk.evaluate(Axe().axe_script)
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            run = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]})"""
            results = AxeResults(desk.evaluate(run, RULES))
            if results.violations_count:
                found[f"{path} {scheme}"] = results.generate_report()
    assert found == {}
