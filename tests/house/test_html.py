"""Every public page of the shipped content, read as a strict parser and a screen reader do."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from justhtml import JustHTML, Node

from app.core.errors import BY_STATUS
from app.core.web.refusals import show_refusal

ORIGIN = "http://127.0.0.1:8000"
SITE = "Clientflow"
ERRORS = Path(__file__).parents[2] / "templates" / "errors"
STATUSES = (400, 403, 404, 405, 409, 410, 411, 413, 422, 429)
SEARCHES = ("", "cookie", "zzzzzz", "%3Cscript%3E", "x" * 300)
STRUCTURED = {"BlogPosting", "BreadcrumbList", "Organization", "WebSite"}
LABELLED = "input, select, textarea"
HEADINGS = "h1, h2, h3, h4, h5, h6"


@dataclass
class Page:
    """One page: its address, its source and the tree a strict parser makes of it."""

    address: str
    source: str
    document: JustHTML

    def all(self, selector: str) -> list[Node]:
        """Every element the selector matches, in document order."""
        return self.document.query(selector)

    def texts(self, selector: str) -> list[str]:
        """The text of every element the selector matches."""
        return [element.to_text().strip() for element in self.all(selector)]


@pytest.fixture(scope="module")
def found(shipped: Flask) -> dict[str, bytes]:
    """What a crawler finds that starts at the sitemap and follows every link of ours."""
    client = shipped.test_client()
    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").data)
    waiting = [urlsplit(loc.text or "").path for loc in sitemap.iter() if loc.tag.endswith("loc")]
    waiting += [f"/search/?q={query}" for query in SEARCHES]
    bodies: dict[str, bytes] = {}
    while waiting:
        address = waiting.pop()
        if address in bodies:
            continue
        answer = client.get(address)
        if answer.status_code == 303:
            # The way to a private page, which describes itself to nobody.
            continue
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        bodies[address] = answer.data
        if answer.mimetype == "text/html":
            waiting += _links(answer.text)
    return bodies


@pytest.fixture(scope="module")
def pages(shipped: Flask, found: dict[str, bytes]) -> list[Page]:
    """Every page a visitor can come to, refusals and faults included."""
    shown = {
        address: body.decode()
        for address, body in found.items()
        if body.startswith(b"<!doctype html>")
    }
    for status in STATUSES:
        with shipped.test_request_context("/nowhere/"):
            shown[f"(refusal {status})"] = show_refusal(BY_STATUS[status]()).get_data(as_text=True)
    for status in (500, 503):
        shown[f"(fault {status})"] = (ERRORS / f"{status}.html").read_text()
    return [
        Page(address, source, JustHTML(source, sanitize=False, collect_errors=True))
        for address, source in sorted(shown.items())
    ]


@pytest.fixture
def none_of(pages: list[Page]) -> Callable[[Callable[[Page], object]], None]:
    """A function that fails with all pages for which a question finds something."""

    def ask(question: Callable[[Page], object]) -> None:
        answers = {page.address: question(page) for page in pages}
        assert {address: answer for address, answer in answers.items() if answer} == {}

    return ask


def test_the_crawl_reaches_every_kind_of_page(pages: list[Page]) -> None:
    addresses = " ".join(page.address for page in pages)
    for part in (
        "/blog/ ",
        "/tags/ ",
        "/archive/2026/11/ ",
        "/authors/ ",
        "/series/ ",
        "?q=cookie",
    ):
        assert part in f"{addresses} "
    assert len(pages) > 80


def test_every_page_parses_without_an_error(none_of) -> None:
    none_of(lambda page: [str(error) for error in page.document.errors])


def test_every_page_has_one_main_heading(none_of) -> None:
    none_of(lambda page: len(page.all("h1")) != 1)


def test_headings_have_words(none_of) -> None:
    none_of(lambda page: [text for text in page.texts(HEADINGS) if not text])


def test_headings_do_not_skip_a_level(none_of) -> None:
    def skips(page: Page) -> list[str]:
        levels = [int(heading.name[1]) for heading in page.all(HEADINGS)]
        pairs = zip([0, *levels], levels, strict=False)
        return [f"h{before} to h{level}" for before, level in pairs if level > before + 1]

    none_of(skips)


def test_ids_are_unique(none_of) -> None:
    def repeated(page: Page) -> list[str]:
        ids = Counter(element.attrs["id"] for element in page.all("[id]"))
        return [name for name, count in ids.items() if count > 1]

    none_of(repeated)


def test_links_within_a_page_lead_somewhere(none_of) -> None:
    def lost(page: Page) -> list[str]:
        ids = {element.attrs["id"] for element in page.all("[id]")}
        targets = [link.attrs["href"][1:] for link in page.all('a[href^="#"]')]
        return [target for target in targets if target not in ids]

    none_of(lost)


def test_landmarks_have_names_and_no_two_share_one(none_of) -> None:
    def unclear(page: Page) -> list[str]:
        found = [
            (landmark.name, landmark.attrs.get("aria-label", ""))
            for landmark in page.all("nav, aside")
        ]
        nameless = [kind for kind, name in found if not name and kind == "nav"]
        shared = [name for (_, name), count in Counter(found).items() if name and count > 1]
        return nameless + shared

    none_of(unclear)


def test_every_page_has_its_landmarks(none_of) -> None:
    def missing(page: Page) -> list[str]:
        needed = ["main"] if page.address.startswith("(fault") else ["header", "main", "footer"]
        return [name for name in needed if not page.all(f"body > {name}")]

    none_of(missing)


def test_links_and_buttons_have_words(none_of) -> None:
    def silent(page: Page) -> list[str]:
        return [
            element.to_html()
            for element in page.all("a[href], button, summary")
            if not (
                element.to_text().strip()
                or element.attrs.get("aria-label")
                or element.query("img[alt]")
            )
        ]

    none_of(silent)


def test_pictures_have_their_words_and_their_size(none_of) -> None:
    def bare(page: Page) -> list[str]:
        return [
            picture.to_html()
            for picture in page.all("img")
            if not {"alt", "width", "height"} <= picture.attrs.keys()
        ]

    none_of(bare)


def test_every_field_has_a_label(none_of) -> None:
    def unlabelled(page: Page) -> list[str]:
        labelled = {label.attrs.get("for") for label in page.all("label")}
        inside = {id(field) for label in page.all("label") for field in label.query(LABELLED)}
        return [
            field.to_html()
            for field in page.all(LABELLED)
            if field.attrs.get("id") not in labelled and id(field) not in inside
        ]

    none_of(unlabelled)


def test_titles_say_page_section_and_site(none_of) -> None:
    def untitled(page: Page) -> str:
        (title,) = page.texts("title")
        if page.address.startswith("(fault"):
            return "" if title else "empty"
        parts = title.split(" · ")
        crumbs = page.texts(".crumbs li")[1:]
        # A post and a list name the section they are in, unless they are its front.
        sections = [crumbs[0]] if len(crumbs) > 1 else []
        is_right = parts[-1] == SITE and len(parts) > 1 and all(name in parts for name in sections)
        return "" if is_right else title

    none_of(untitled)


def test_no_two_pages_share_a_title(pages: list[Page]) -> None:
    titles = Counter(
        page.texts("title")[0] for page in pages if not page.address.startswith(("(", "/search/"))
    )
    assert [title for title, count in titles.items() if count > 1] == []


def test_language_and_direction_are_stated(none_of) -> None:
    def unstated(page: Page) -> bool:
        (root,) = page.all("html")
        return (root.attrs.get("lang"), root.attrs.get("dir")) != ("en", "ltr")

    none_of(unstated)


def test_no_page_has_inline_style_or_script(none_of) -> None:
    def inline(page: Page) -> list[str]:
        handlers = [
            element.to_html()
            for element in page.all("*")
            if any(name.startswith("on") or name == "style" for name in element.attrs)
        ]
        scripts = [
            script.to_html()
            for script in page.all("script")
            if script.attrs.get("type") != "application/ld+json"
        ]
        return handlers + scripts + [style.to_html() for style in page.all("style")]

    none_of(inline)


def test_nothing_is_there_to_push_or_to_trap(none_of) -> None:
    """No autoplay, no dialog that opens itself, no frame, nothing fetched from elsewhere."""

    def pushy(page: Page) -> list[str]:
        unwanted = page.all("[autoplay], dialog, iframe, video, audio, [autofocus], marquee, embed")
        loaded = page.all("img, link[rel=stylesheet], link[rel=preload], link[rel=icon]")
        foreign = [
            element
            for element in loaded
            if not (element.attrs.get("src") or element.attrs.get("href") or "").startswith("/")
        ]
        return [element.to_html() for element in unwanted + foreign]

    none_of(pushy)


def test_structured_data_parses(none_of) -> None:
    def wrong(page: Page) -> list[str]:
        kinds = []
        for block in page.all("script"):
            facts = json.loads(block.children[0].data)
            assert facts["@context"] == "https://schema.org"
            kinds += [thing["@type"] for thing in facts.get("@graph", [facts])]
        if page.all("article.post") and "BlogPosting" not in kinds:
            return ["no BlogPosting"]
        return [kind for kind in kinds if kind not in STRUCTURED]

    none_of(wrong)


def test_pages_describe_themselves_to_others(none_of) -> None:
    def silent(page: Page) -> list[str]:
        if page.address.startswith(("(", "/search/")):
            return []
        needed = (
            'link[rel="canonical"]',
            'meta[property="og:title"]',
            'meta[property="og:url"]',
            'meta[name="color-scheme"]',
            'meta[name="theme-color"]',
            'link[rel="icon"]',
        )
        return [selector for selector in needed if not page.all(selector)]

    none_of(silent)


def test_canonical_addresses_are_the_pages_own(none_of) -> None:
    def strays(page: Page) -> list[str]:
        stated = [link.attrs["href"] for link in page.all('link[rel="canonical"]')]
        own = ORIGIN + page.address.partition("?")[0]
        return [] if page.address.startswith("(") else [link for link in stated if link != own]

    none_of(strays)


def test_times_are_written_for_machines_too(none_of) -> None:
    stamp = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?")
    none_of(
        lambda page: [
            time.to_html()
            for time in page.all("time")
            if not stamp.fullmatch(time.attrs.get("datetime") or "")
        ]
    )


def test_feeds_are_well_formed(found: dict[str, bytes]) -> None:
    atom = {address: body for address, body in found.items() if address.endswith("/feed.xml")}
    assert len(atom) > 20
    for address, body in atom.items():
        root = ElementTree.fromstring(body)
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        entries = root.findall("{*}entry")
        # No voices are invented for the site that ships, and nobody has read it yet.
        assert bool(entries) is not address.startswith(("/feedback/", "/trends/"))
        for entry in [root, *entries]:
            assert all(entry.findtext(f"{{*}}{name}") for name in ("id", "title", "updated"))
    for address, body in found.items():
        if address.endswith("/feed.json"):
            assert json.loads(body)["version"] == "https://jsonfeed.org/version/1.1"


def _links(source: str) -> Iterator[str]:
    """Every address of ours that a page names, once."""
    for link in set(re.findall(r'href="([^"]+)"', source)):
        address = urldefrag(link.replace("&amp;", "&"))[0].removeprefix(ORIGIN)
        if address.startswith("/") and not address.startswith(("/static/", "/media/")):
            yield address
