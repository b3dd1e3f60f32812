"""No remark runs anything, in a real browser and with no policy to help."""

from itertools import product

from playwright.sync_api import Page, Route

from app.core.markup import render_remark
from tests.browser.conftest import Readers
from tests.properties.test_remarks import PLACES
from tests.properties.test_sanitiser import PAYLOADS

MOST_ON_A_PAGE = 600
ADDRESS = "http://remarks.example.org/"
TOUCH = (
    "for (const each of document.querySelectorAll('*'))"
    "  for (const kind of ['mouseover', 'click', 'focus', 'pointerenter', 'toggle'])"
    "    each.dispatchEvent(new Event(kind));"
)
#: Whatever runs calls one of these; `top[...]` ends in `alert` too.
TRAP = "window.ran = []; for (const name of ['alert', 'prompt', 'confirm', 'x']) "
TRAP += "window[name] = (...given) => window.ran.push(String(given));"


def pages() -> list[str]:
    """Remarks of every payload, alone and within Markdown, some hundreds to a page."""
    alone = list(PAYLOADS)
    within = [place.format(text) for place, text in product(PLACES[1:], PAYLOADS[::5])]
    remarks = [f"<section>{render_remark(text)}</section>" for text in alone + within]
    return [
        "<!doctype html><meta charset=utf-8><title>Remarks</title>"
        + "".join(remarks[start : start + MOST_ON_A_PAGE])
        for start in range(0, len(remarks), MOST_ON_A_PAGE)
    ]


def ran_and_asked(page: Page, text: str) -> tuple[list[str], list[str]]:
    """What a page of somebody's HTML ran, and what it asked for besides itself."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=text, content_type="text/html; charset=utf-8")
            return
        asked.append(route.request.url)
        route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(ADDRESS)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.evaluate(TOUCH)
    return page.evaluate("window.ran"), asked


def test_nothing_in_a_remark_runs_or_asks_for_anything(readers: Readers) -> None:
    page = readers.open()
    page.add_init_script(TRAP)
    made = pages()
    assert sum(text.count("<section>") for text in made) > 1_000
    for text in made:
        assert ran_and_asked(page, text) == ([], [])
        schemes = page.evaluate("[...document.links].map(link => link.protocol)")
        assert set(schemes) <= {"http:", "https:", "mailto:"}


def test_a_planted_script_is_seen(readers: Readers) -> None:
    page = readers.open()
    page.add_init_script(TRAP)
    planted = "<script>alert(1)</script><p onmouseover=alert(2)>x</p><img src=/x.png>"
    ran, asked = ran_and_asked(page, planted)
    assert ran == ["1", "2"]
    assert [address for address in asked if address.endswith("/x.png")]
