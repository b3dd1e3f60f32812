"""Front matter: every key is understood, everything else is refused with line and reason."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.blog.models import Post
from app.blog.reading import read_blog
from app.core.content import ContentProblem, Workshop
from app.core.content.documents import read_document
from app.core.database import db
from tests.folder import ContentFolder

HEAD = "---\ntitle: Tulips\ndate: 2026-03-01\n"


def post_with(line: str) -> str:
    """A good post with one more line, the fourth, in its front matter."""
    return f"{HEAD}{line}\n---\nText.\n"


@pytest.fixture
def stored(app: Flask, content: ContentFolder, read: Any) -> Any:
    """A function that writes a post with more front matter and answers its row."""

    def store(**front: Any) -> Post:
        content.post("tulips", **front)
        assert read().problems == []
        with app.app_context():
            post = db.session.scalars(select(Post)).one()
            db.session.expunge(post)
        return post

    return store


@pytest.mark.database
def test_a_post_may_have_every_key(content: ContentFolder, read: Any) -> None:
    content.picture("images/a.png")
    content.post(
        "tulips",
        updated="2026-03-02 10:00",
        summary="Short.",
        tags=["bulbs"],
        series={"name": "A year", "part": 1},
        authors=["mira"],
        cover={"image": "/images/a.png", "alt": "A", "caption": "C"},
        draft=False,
        publish="2026-03-01 09:00",
        unpublish="2036-03-01 09:00",
        aliases=["old-tulips"],
        canonical="https://example.org/tulips/",
        comments={"until": "2026-04-01"},
    )
    assert read().problems == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("front", "column", "value"),
    [
        ({"title": 1984}, "title", "1984"),
        ({"date": "2026-03-01"}, "published_at", datetime(2026, 3, 1, tzinfo=UTC)),
        ({"date": date(2026, 3, 1)}, "published_at", datetime(2026, 3, 1, tzinfo=UTC)),
        (
            {"date": "2026-03-01 09:30"},
            "published_at",
            datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        ),
        (
            {"date": "2026-03-01T09:30+02:00"},
            "published_at",
            datetime(2026, 3, 1, 7, 30, tzinfo=UTC),
        ),
        (
            {"publish": "2026-04-02 08:00"},
            "published_at",
            datetime(2026, 4, 2, 8, tzinfo=UTC),
        ),
        ({"publish": "2026-04-02 08:00"}, "published_on", date(2026, 4, 2)),
        ({"updated": "2026-05-01"}, "updated_at", datetime(2026, 5, 1, tzinfo=UTC)),
        ({"unpublish": "2036-05-01"}, "unpublish_at", datetime(2036, 5, 1, tzinfo=UTC)),
        ({"summary": "Short."}, "summary", "Short."),
        ({"tags": ["Spring Bulbs"]}, "tags", [{"slug": "spring-bulbs", "name": "Spring Bulbs"}]),
        ({"authors": ["mira"]}, "authors", [{"slug": "mira", "name": "Mira"}]),
        ({"series": "A year"}, "series_slug", "a-year"),
        ({"series": {"name": "A year", "part": 3}}, "series_part", 3),
        ({"draft": True}, "is_draft", True),
        ({"canonical": "https://example.org/x/"}, "canonical", "https://example.org/x/"),
        ({}, "comments_open", True),
        ({"comments": "open"}, "comments_open", True),
        ({"comments": "closed"}, "comments_open", False),
        ({"comments": {"until": "2026-09-01"}}, "comments_until", datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_a_key_is_stored_as_it_is_meant(
    stored: Any, front: dict[str, Any], column: str, value: Any
) -> None:
    assert getattr(stored(**front), column) == value


@pytest.mark.database
def test_a_cover_is_stored_with_its_alternative_text(content: ContentFolder, stored: Any) -> None:
    content.picture("images/a.png", 1000, 500)
    cover = stored(cover={"image": "/images/a.png", "alt": "Tulips"}).cover
    assert (cover["alt"], cover["width"], cover["height"]) == ("Tulips", 1000, 500)


@pytest.mark.database
def test_a_slug_in_the_front_matter_comes_before_the_name_of_the_file(
    tulips: Any, client: FlaskClient
) -> None:
    assert tulips(post_with("slug: tulip-time")) is None
    assert client.get("/garden/tulip-time/").status_code == 200


@pytest.mark.database
def test_a_summary_that_is_not_given_is_how_the_text_begins(
    content: ContentFolder, stored: Any
) -> None:
    assert stored().summary == "Tulips like sun."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("colour: red", "`colour` is not known here"),
        ("title: Again", "`title` is given twice"),
        ("slug: Tulip_Time", "`slug` “Tulip_Time” must be made of a-z, 0-9 and single hyphens"),
        ("slug: archive", "`slug` cannot be “archive”: the blog uses that address itself"),
        ("slug: page", "`slug` cannot be “page”: the blog uses that address itself"),
        (f"slug: {'a' * 121}", "`slug` is longer than 120 characters"),
        ("updated: soon", "`updated` must be a date such as 2026-11-23 or 2026-11-23 09:30"),
        ("publish: [1]", "`publish` must be a date such as 2026-11-23 or 2026-11-23 09:30"),
        ("publish: 2026-13-45", "YAML: `publish` cannot be read: month must be in 1..12"),
        ("publish: 0001-01-01", "`publish` must be in a year from 1001 to 9998"),
        ("publish: 9999-12-31", "`publish` must be in a year from 1001 to 9998"),
        ("unpublish: 2026-02-01", "`unpublish` is not after the post is published"),
        ("summary: ''", "`summary` must be a text"),
        (f"summary: {'a' * 501}", "`summary` is longer than 500 characters"),
        ("summary: {a: b}", "`summary` must be a text"),
        ("tags: bulbs", "`tags` must be a list of at most 20 texts"),
        ("tags: [yes]", "`tags` must hold texts only; put quotes around words such as yes"),
        ("tags: [Bulbs, bulbs]", "`tags` names something twice"),
        ("tags: ['!?']", "`tags` must have a letter a-z or a digit each"),
        (f"tags: [{'a' * 101}]", "`tags` holds a text longer than 100 characters"),
        (f"tags: [a{'!' * 500}]", "`tags` holds a text longer than 100 characters"),
        ("series: [a]", "`series` must be a list of `name: value` lines"),
        ("series: {part: 1}", "`series.name` is missing"),
        ("series: {name: A, part: 0}", "`series.part` must be a whole number from 1 to 1000"),
        ("series: {name: A, prat: 1}", "`series.prat` is not known here"),
        ("series: {name: A, name: B}", "`series.name` is given twice"),
        ("series: '???'", "`series` needs a name with a letter a-z or a digit"),
        ("cover: x.png", "`cover` must be a list of `name: value` lines"),
        ("cover: {image: x.png}", "`cover.alt` is missing"),
        ("cover: {alt: x}", "`cover.image` is missing"),
        ("draft: maybe", "`draft` must be true or false"),
        ("aliases: ['a b']", "`aliases` “a b” must be an old slug, or /blog/slug/"),
        ("aliases: [/a/b/c/]", "`aliases` “/a/b/c/” must be an old slug, or /blog/slug/"),
        ("canonical: /tulips/", "`canonical` must be a whole address such as https://example.org/x/"),
        ("canonical: 'javascript:x'", "`canonical` must begin with /, #, https:// or mailto:"),
        ("canonical: 'http://[bad'", "`canonical` must begin with /, #, https:// or mailto:"),
        ("comments: perhaps", "`comments` must be open, closed, or `until:` with a date"),
        ("comments: {until: }", "`comments.until` is missing"),
        ("summary: &a [*a]", "YAML aliases are not used here"),
        ("summary: !!python/object:os.system x", "YAML: could not determine a constructor"),
        ("summary: !!int ''", "YAML: `summary` cannot be read: string index out of range"),
        (f"summary: 0x{'f' * 9_000}", "`summary` must be a text"),
        ('summary: "a\\0b"', "holds the control character U+0000"),
        ('summary: "a\\x1bb"', "holds the control character U+001B"),
        ("? [a]\n: b", "YAML: a name must be a plain word"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_at_its_line(reason_of: Any, line: str, reason: str) -> None:
    found = reason_of(post_with(line))
    assert (found[0], found[1][: len(reason)]) == (4, reason)


@pytest.mark.database
def test_a_key_within_a_list_is_refused_at_its_own_line(
    content: ContentFolder, refused: Any
) -> None:
    content.write(
        "authors/otto.md",
        "---\nname: Otto\nlinks:\n  - label: Home\n    to: /\n  - label: Web\n    too: /\n---\n",
    )
    assert refused()["authors/otto.md"] == (6, "`links[2].to` is missing")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("No front matter.", 1, "must begin with front matter between two lines of three hyphens"),
        ("---\ntitle: x\n", 1, "must begin with front matter between two lines of three hyphens"),
        ("---\n---\n", 2, "the front matter must be a list of `name: value` lines"),
        ("---\n- a\n---\n", 2, "the front matter must be a list of `name: value` lines"),
        ("---\ndate: 2026-03-01\n---\n", 1, "`title` is missing"),
        ("---\ntitle: x\n---\n", 1, "`date` is missing"),
        ("---\ntitle: x\ndate:\n---\n", 3, "`date` is missing"),
        ("---\ntitle: [x\n---\n", 3, "YAML: did not find expected ',' or ']'"),
        ("---\ntitle: a: b\n---\n", 2, "YAML: mapping values are not allowed in this context"),
        (
            "---\ntitle: x\n\tdate: y\n---\n",
            3,
            "YAML: found a tab character that violates indentation",
        ),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(
    reason_of: Any, text: str, line: int, reason: str
) -> None:
    assert reason_of(text) == (line, reason)


def test_a_bomb_of_aliases_is_refused(reason_of: Any) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"
    assert reason_of(f"---\n{bomb}\n---\n") == (3, "YAML aliases are not used here")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_lists_nested_without_end_are_refused(reason_of: Any, opening: str) -> None:
    _line, reason = reason_of(f"---\ntitle: x\nsummary:\n  {opening * 15_000}\n---\n")
    assert reason.startswith("YAML")


def test_front_matter_longer_than_64_kilobytes_is_refused(reason_of: Any) -> None:
    found = reason_of(post_with(f"summary: {'a' * 66_000}"))
    assert found == (1, "the front matter is longer than 64 KB")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('title = "x"\ncolour = "red"\n', 2, "`colour` is not known here"),
        ('title = "x"\nper_page = 0\n', 2, "`per_page` must be a whole number from 1 to 100"),
        ('title = "x"\norder = "one"\n', 2, "`order` must be a whole number from 0 to 1000"),
        ('title = "x"\ntitle = "y"\n', 2, "TOML: Cannot overwrite a value"),
        ('title = "x"\nper_page =\n', 2, "TOML: Invalid value"),
        ('\n\ntitle = "x', 3, "TOML: Unterminated string"),
        ("description = 'x'\n", 1, "`title` is missing"),
        ('title = "a\\u0000b"\n', 1, "holds the control character U+0000"),
        (f'title = "{"x" * 121}"\n', 1, "`title` is longer than 120 characters"),
        (f"title = {'[' * 30_000}\n", 1, "TOML: maximum recursion depth exceeded"),
        (f"title = {'9' * 5_000}\n", 1, "TOML: Exceeds the limit (4300 digits)"),
        (f'# {"x" * 70_000}\ntitle = "x"\n', 1, "is longer than 64 KB"),
    ],
)  # fmt: skip
def test_a_broken_blog_file_is_refused_with_its_line(
    content: ContentFolder, workshop: Workshop, text: str, line: int, reason: str
) -> None:
    path = content.write("blogs/garden/blog.toml", text)
    with pytest.raises(ContentProblem) as refusal:
        read_blog(read_document(content.root, path), workshop)
    found = (refusal.value.line, refusal.value.reason[: len(reason)])
    assert found == (line, reason)


@pytest.mark.database
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("authors: [nobody]", "the author nobody has no file in authors/"),
        ("aliases: [/nowhere/b/]", "the alias b is of nowhere, which is no blog"),
    ],
)
def test_what_only_other_files_can_tell_is_refused_at_its_line_too(
    tulips: Any, line: str, reason: str
) -> None:
    assert tulips(post_with(line)) == (4, reason)


@pytest.mark.database
def test_a_wrong_key_of_a_table_is_refused_at_its_line(
    content: ContentFolder, refused: Any
) -> None:
    path = content.write(
        "site.toml",
        'name = "x"\n[[navigation]]\nlabel = "a"\nto = "/"\n'
        '[[navigation]]\nlabel = "b"\nto = "javascript:x"\n',
    )
    assert refused()[path] == (
        7,
        "`navigation[2].to` must begin with /, #, https:// or mailto:",
    )
