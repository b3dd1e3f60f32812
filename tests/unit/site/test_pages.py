"""The company's own pages: made of sections, found at their paths."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.content import Report
from app.site.settings import contrast
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

LINK = {"label": "Go", "to": "/garden/"}
TITLE = {"title": "A title"}

#: A section of every type, and a word of it that readers must see.
SECTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "hero": ({"title": "Big words", "text": "Small words.", "action": LINK}, "Big words"),
    "features": (
        TITLE
        | {"items": [{"title": f"Item {n}", "text": "Text.", "link": LINK} for n in range(3)]},
        "Item 2",
    ),
    "steps": (TITLE | {"items": [{"title": "First", "text": "Do it.", "code": "make"}]}, "make"),
    "pricing": (
        TITLE
        | {
            "note": "Cancel when you like.",
            "plans": [
                {
                    "name": "Free",
                    "price": "0 €",
                    "summary": "All.",
                    "features": ["One"],
                    "action": LINK,
                }
            ],
        },
        "Cancel when you like.",
    ),
    "questions": (TITLE | {"items": [{"question": "Why?", "answer": "**Because.**"}]}, "Because."),
    "call": ({"title": "Come", "text": "Now.", "action": LINK}, "Come"),
    "text": ({"title": "Said", "body": "With *stress*."}, "<em>stress</em>"),
    "table": (TITLE | {"columns": ["A", "B"], "rows": [["one", "two"]]}, "two"),
    "posts": (TITLE | {"blog": "garden", "count": 2}, "Tulips"),
    "contact": (TITLE, "hello@example.org"),
}


def fresh(value: Any) -> Any:
    """A copy that shares nothing, because YAML would write what is shared as an alias."""
    return json.loads(json.dumps(value))


def problem_of(report: Report) -> str:
    [row] = report.problems
    return f"{row.path}:{row.problem_line}: {row.problem}"


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_section_of_every_type_is_shown(
    client: FlaskClient, content: ContentFolder, read: Any, kind: str
) -> None:
    values, words = SECTIONS[kind]
    content.post("tulips")
    content.page("made", sections=[fresh({"type": kind, **values})])
    assert read().problems == []
    assert words in client.get("/made/").text


BROKEN: dict[str, tuple[Any, str]] = {
    "an unknown type": ({"type": "carousel"}, "is not a section; there are"),
    "no type": ({"title": "x"}, "type"),
    "an unknown key": ({"type": "contact", **TITLE, "colour": "red"}, "colour"),
    "a long hero": (
        {"type": "hero", "title": "w " * 13, "text": "x", "action": LINK},
        "more than 12 words",
    ),
    "a hero without an action": ({"type": "hero", "title": "x", "text": "x"}, "action"),
    "a link without an address": (
        {"type": "call", "title": "x", "action": {"label": "Go"}},
        "to",
    ),
    "a link that runs": (
        {"type": "call", "title": "x", "action": {"label": "Go", "to": "javascript:alert(1)"}},
        "to",
    ),
    "one feature": (
        {"type": "features", **TITLE, "items": [{"title": "x", "text": "x"}]},
        "items",
    ),
    "a long feature": (
        {"type": "features", **TITLE, "items": [{"title": "x", "text": "w " * 26}] * 3},
        "more than 25 words",
    ),
    "too many features": (
        {"type": "features", **TITLE, "items": [{"title": "x", "text": "x"}] * 10},
        "items",
    ),
    "pricing without plans": ({"type": "pricing", **TITLE, "note": "x", "plans": []}, "plans"),
    "pricing without its note": (
        {"type": "pricing", **TITLE, "plans": SECTIONS["pricing"][0]["plans"]},
        "note",
    ),
    "a row that does not fit": (
        {"type": "table", **TITLE, "columns": ["A"], "rows": [["one", "two"]]},
        "one text for each column",
    ),
    "rows that are no list": ({"type": "table", **TITLE, "columns": ["A"], "rows": "x"}, "rows"),
    "a count that is too high": ({"type": "posts", **TITLE, "count": 99}, "from 1 to 12"),
    "a count in words": ({"type": "posts", **TITLE, "count": "three"}, "whole number"),
    "an empty text": ({"type": "text", "body": " "}, "must be a text"),
    "sections that are no mapping": ("hero", "sections"),
}


@pytest.mark.parametrize(("section", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_section_is_named_and_the_last_good_page_stays(
    client: FlaskClient, content: ContentFolder, read: Any, section: Any, words: str
) -> None:
    content.page("made", "Good.")
    read()
    content.page("made", "Bad.", sections=[fresh(section)])
    said = problem_of(read())
    assert said.startswith("pages/made.md:")
    assert words in said
    assert "Good." in client.get("/made/").text


def test_sections_keep_their_order_and_the_text_comes_last(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    order = ["table", "hero", "questions", "features"]
    content.page("made", "The end.", sections=[fresh({"type": k, **SECTIONS[k][0]}) for k in order])
    read()
    page = client.get("/made/").text
    places = [page.index(SECTIONS[kind][1]) for kind in order] + [page.index("The end.")]
    assert places == sorted(places)


def test_quotes_without_any_are_not_there(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.page("home", sections=[{"type": "quotes", "title": "They say"}])
    assert read().problems == []
    page = client.get("/").text
    assert "They say" not in page
    assert "feedback." not in page


def test_quotes_stand_on_the_home_page_and_nowhere_else(content: ContentFolder, read: Any) -> None:
    content.page("made", sections=[{"type": "quotes", "title": "They say"}])
    assert "“quotes” may stand on the home page only" in problem_of(read())


def test_quotes_cannot_be_written_into_a_file(content: ContentFolder, read: Any) -> None:
    said = [{"text": "Lovely.", "credit": "Ada"}]
    content.page("home", sections=[{"type": "quotes", "title": "They say", "items": said}])
    assert "items" in problem_of(read())


def test_pages_lie_in_folders(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    content.page("company/team/garden", "Deep.")
    read()
    assert "Deep." in client.get("/company/team/garden/").text
    assert client.get("/company/team/").status_code == 404
    assert client.get("/company/team/garden").headers["Location"].endswith("/company/team/garden/")


@pytest.mark.parametrize("path", ["Über", "with space", "UPPER", "under_score", "-x", "a--b"])
def test_a_file_name_that_is_no_address_is_refused(
    content: ContentFolder, read: Any, path: str
) -> None:
    content.page(path, "x")
    assert "file name" in problem_of(read())


def test_an_old_address_leads_to_the_new_one(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.page("about", "Us.", aliases=["/who-we-are/", "old/about"])
    read()
    for old in ("/who-we-are/", "/old/about/"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/about/")


def test_a_draft_is_nowhere_and_a_removed_page_is_gone(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.page("soon", "x", draft=True, aliases=["sooner"])
    gone = content.page("gone", "x")
    read()
    content.remove(gone)
    read()
    assert client.get("/soon/").status_code == 404
    assert client.get("/sooner/").status_code == 404
    assert client.get("/gone/").status_code == 410


def test_posts_of_one_blog_or_of_all(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", date="2026-01-01")
    content.post("lamp", blog="workshop", date="2026-01-02")
    content.post("hidden", draft=True)
    for name, blog in (("garden-only", "garden"), ("all", None), ("none", "nowhere")):
        section = {"type": "posts", "title": "Latest"} | ({"blog": blog} if blog else {})
        content.page(name, sections=[section])
    read()
    shown = {
        name: set(re.findall(r'href="/(?:garden|workshop)/(\w+)/"', client.get(f"/{name}/").text))
        for name in ("garden-only", "all", "none")
    }
    assert shown == {"garden-only": {"tulips"}, "all": {"tulips", "lamp"}, "none": set()}


def test_what_a_page_says_is_escaped(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    evil = "<script>alert(1)</script>"
    content.page(
        "made",
        evil,
        title=evil,
        description=evil,
        sections=[
            {"type": "hero", "title": evil, "text": evil, "action": {"label": evil, "to": "/x/"}},
            {"type": "questions", "title": evil, "items": [{"question": evil, "answer": evil}]},
            {"type": "table", "title": evil, "columns": [evil], "rows": [[evil]]},
        ],
    )
    assert read().problems == []
    page = client.get("/made/").text
    assert "<script>alert" not in page
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
        assert "<" not in block


def site_with(**colours: str) -> str:
    chosen = "".join(f'{name} = "{value}"\n' for name, value in colours.items())
    return f'name = "Green Street"\n[colours]\n{chosen}'


def sheet(client: FlaskClient) -> tuple[str, str]:
    found = re.search(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)
    assert found
    return found[1], client.get(found[1]).text


def test_the_style_sheet_carries_the_accent_and_its_address_follows(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    read()
    before, _ = sheet(client)
    content.write("site.toml", site_with(accent="#7a1f5c", accent_dark="#f0a0d8"))
    read()
    after, text = sheet(client)
    assert after != before
    assert "--accent-light:#7a1f5c" in text
    assert "--accent-dark:#f0a0d8" in text
    content.write("site.toml", site_with())
    read()
    assert sheet(client)[0] == before


@pytest.mark.parametrize(
    ("colours", "words"),
    [
        ({"accent": "#ffff00"}, "contrast of 1.0"),
        ({"accent": "#8a8a8a"}, "readers need 4.5"),
        ({"accent_dark": "#222222"}, "readers need 4.5"),
        ({"accent": "red"}, "must be a colour"),
        ({"accent": "#fff"}, "must be a colour"),
        ({"accent": "#0f6a80;} body{display:none"}, "must be a colour"),
    ],
)
def test_a_colour_that_cannot_be_read_on_is_refused(
    content: ContentFolder, read: Any, colours: dict[str, str], words: str
) -> None:
    content.write("site.toml", site_with(**colours))
    assert words in problem_of(read())


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#fedcba") == contrast("#fedcba", "#123456")
