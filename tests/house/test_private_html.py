"""Every private page, read as a strict parser and a screen reader do."""

from collections import Counter
from collections.abc import Callable

import pytest
from justhtml import JustHTML

from app.core.web.access import MEMBER, RIGHT, label_of
from tests.house.doors import CAST, DOORS, Street
from tests.house.test_html import HEADINGS, LABELLED, Page

pytestmark = pytest.mark.database

PRIVATE = ("/account/", "/admin/", "/comments/")
#: The form of every page that is for anyone, and that no session guards.
CHOICE = "/privacy/cookies/"
#: Forms that were sent empty come back with their errors.
COMES_BACK = {"200", "422"}


@pytest.fixture(scope="module")
def pages(street: Street) -> list[Page]:
    """Every private page that one of the cast gets, as each of them gets it."""
    found: dict[str, Page] = {}
    for _endpoint, method, address, *codes in DOORS:
        for who, code in zip(CAST, codes, strict=True):
            if not address.startswith(PRIVATE) or code not in COMES_BACK:
                continue
            answer = street.call(who, method, address)
            if answer.mimetype == "text/html":
                name = f"{method} {address} as {who}"
                document = JustHTML(answer.text, sanitize=False, collect_errors=True)
                found[name] = Page(name, answer.text, document)
    assert len(found) > 100
    return list(found.values())


@pytest.fixture
def none_of(pages: list[Page]) -> Callable[[Callable[[Page], object]], None]:
    """A function that fails with all pages for which a question finds something."""

    def ask(question: Callable[[Page], object]) -> None:
        answers = {page.address: question(page) for page in pages}
        assert {address: answer for address, answer in answers.items() if answer} == {}

    return ask


def test_every_page_parses_without_an_error(none_of) -> None:
    none_of(lambda page: [str(error) for error in page.document.errors])


def test_every_page_has_one_main_heading_and_skips_no_level(none_of) -> None:
    def skips(page: Page) -> list[str]:
        levels = [int(heading.name[1]) for heading in page.all(HEADINGS)]
        pairs = zip([0, *levels], levels, strict=False)
        wrong = [f"h{before} to h{level}" for before, level in pairs if level > before + 1]
        return wrong + ([] if levels.count(1) == 1 else ["not one h1"])

    none_of(skips)


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(none_of) -> None:
    def lost(page: Page) -> list[str]:
        ids = Counter(element.attrs["id"] for element in page.all("[id]"))
        targets = [link.attrs["href"][1:] for link in page.all('a[href^="#"]')]
        repeated = [f"{name} twice" for name, count in ids.items() if count > 1]
        return repeated + [target for target in targets if target not in ids]

    none_of(lost)


def test_every_field_has_a_label(none_of) -> None:
    def unlabelled(page: Page) -> list[str]:
        labelled = {label.attrs.get("for") for label in page.all("label")}
        inside = {id(field) for label in page.all("label") for field in label.query(LABELLED)}
        return [
            field.to_html()
            for field in page.all(LABELLED)
            if field.attrs.get("type") != "hidden"
            and not field.attrs.get("aria-label")
            and field.attrs.get("id") not in labelled
            and id(field) not in inside
        ]

    none_of(unlabelled)


def test_what_describes_a_field_is_there(none_of) -> None:
    def dangling(page: Page) -> list[str]:
        ids = {element.attrs["id"] for element in page.all("[id]")}
        named = [
            name
            for attribute in ("aria-describedby", "aria-labelledby", "aria-controls")
            for element in page.all(f"[{attribute}]")
            for name in element.attrs[attribute].split()
        ]
        return [name for name in named if name not in ids]

    none_of(dangling)


def test_links_and_buttons_have_words(none_of) -> None:
    def silent(page: Page) -> list[str]:
        return [
            element.to_html()
            for element in page.all("a[href], button, summary")
            if not (element.to_text().strip() or element.attrs.get("aria-label"))
        ]

    none_of(silent)


def test_landmarks_have_names_and_no_two_share_one(none_of) -> None:
    def unclear(page: Page) -> list[str]:
        names = [mark.attrs.get("aria-label") or "" for mark in page.all("nav")]
        shared = [name for name, count in Counter(names).items() if count > 1]
        return shared + (["a nav without a name"] if "" in names else [])

    none_of(unclear)


def test_a_page_with_errors_says_so_first(none_of) -> None:
    def silent(page: Page) -> list[str]:
        if not page.all("#problems"):
            return []
        (title,) = page.texts("title")
        links = page.all("#problems a, #problems li")
        return [] if title.startswith("Error:") and links else [title]

    none_of(silent)


def test_every_form_of_a_members_page_carries_the_token(none_of, street: Street) -> None:
    guarded = {
        (method, address)
        for endpoint, method, address, *_codes in DOORS
        if label_of(street.app.view_functions[endpoint]) in (MEMBER, RIGHT)
    }

    def bare(page: Page) -> list[str]:
        method, address, *_who = page.address.split()
        return [
            form.to_html()[:200]
            for form in page.all('form[method="post"]')
            if (method, address) in guarded
            and form.attrs.get("action") != CHOICE
            and not form.query('input[name="csrf_token"]')
        ]

    none_of(bare)


def test_scripts_are_files_of_ours_and_nothing_is_inline(none_of) -> None:
    def inline(page: Page) -> list[str]:
        handlers = [
            element.to_html()
            for element in page.all("*")
            if any(name.startswith("on") or name == "style" for name in element.attrs)
        ]
        foreign = [
            script.to_html()
            for script in page.all("script")
            if not script.attrs.get("src", "").startswith("/static/js/") or script.to_text().strip()
        ]
        return handlers + foreign

    none_of(inline)
