"""What no page of ours ever holds."""

import pytest

from tests.crawl import Visited

pytestmark = pytest.mark.database

FORBIDDEN_ELEMENTS = {
    *("iframe", "object", "embed", "applet", "audio", "video", "base", "style", "frame"),
    *("marquee", "blink", "font", "center", "portal", "canvas"),
}
FORBIDDEN_ATTRIBUTES = {"style", "autoplay", "autofocus", "ping", "accesskey", "srcdoc", "bgcolor"}
DATA_BLOCKS = {"application/ld+json"}


def elements(pages: dict[str, Visited]) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (visit.address, tag, given)
        for visit in pages.values()
        if visit.markup
        for tag, given in visit.markup.elements
    ]


def test_no_page_runs_a_script(pages: dict[str, Visited]) -> None:
    scripts = [
        (address, given)
        for address, tag, given in elements(pages)
        if tag == "script" and (given.get("type") not in DATA_BLOCKS or "src" in given)
    ]
    assert scripts == []


def test_no_element_embeds_or_decorates_inline(pages: dict[str, Visited]) -> None:
    assert [
        (address, tag) for address, tag, _given in elements(pages) if tag in FORBIDDEN_ELEMENTS
    ] == []


def test_no_attribute_styles_plays_or_runs(pages: dict[str, Visited]) -> None:
    found = [
        (address, tag, name)
        for address, tag, given in elements(pages)
        for name, value in given.items()
        if name in FORBIDDEN_ATTRIBUTES
        or name.startswith("on")
        or value.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
    ]
    assert found == []


def test_no_page_refreshes_itself_or_sets_a_cookie_by_markup(pages: dict[str, Visited]) -> None:
    assert [
        (address, given)
        for address, tag, given in elements(pages)
        if tag == "meta" and "http-equiv" in given
    ] == []


def test_every_link_that_opens_a_window_keeps_its_opener(pages: dict[str, Visited]) -> None:
    assert [
        (address, given)
        for address, tag, given in elements(pages)
        if given.get("target") and "noopener" not in given.get("rel", "")
    ] == []
