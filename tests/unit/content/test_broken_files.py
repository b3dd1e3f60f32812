"""Files that cannot be read: the last good version stays, and nobody else notices."""

import os
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.content import documents
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

PATH = "blogs/garden/posts/tulips.md"
GOOD = "---\ntitle: Tulips\ndate: 2026-03-01\n---\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (GOOD.encode() + b"a\nb\xff\n", 6, "is not UTF-8 text"),
        (GOOD.encode("utf-16"), 1, "is not UTF-8 text"),
        (GOOD.encode() + b"a\0b", 5, "holds the control character U+0000"),
        (GOOD.encode() + b"a\n\x0cb", 6, "holds the control character U+000C"),
        (GOOD.encode() + "\ufffe".encode(), 5, "holds the control character U+FFFE"),
        (b"", 1, "must begin with front matter between two lines of three hyphens"),
        (b"\xed\xa0\x80", 1, "is not UTF-8 text"),
        (GOOD.encode() + b"x" * 1_048_577, 1, "is 1,048,616 bytes long; the limit is 1,048,576"),
    ],
)
def test_unreadable_bytes_are_refused(reason_of: Any, text: bytes, line: int, reason: str) -> None:
    assert reason_of(text) == (line, reason)


def test_a_file_of_fifty_megabytes_is_not_read(content: ContentFolder, refused: Any) -> None:
    content.write(PATH, "")
    os.truncate(content.root / PATH, 50 * 1024 * 1024)
    assert refused()[PATH] == (1, "is 52,428,800 bytes long; the limit is 1,048,576")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD + "Tulips.",
        GOOD.replace("\n", "\r\n") + "Tulips.\r\n",
        GOOD.replace("\n", "\r") + "Tulips.\r",
        GOOD.replace("---\n", "--- \t\n") + "Tulips.",
        GOOD + "Tulips.\n\n---\n\nMore.",
    ],
)
def test_marks_and_line_endings_of_other_systems_are_understood(
    client: FlaskClient, tulips: Any, text: str
) -> None:
    assert tulips(text) is None
    assert "<p>Tulips.</p>" in client.get("/garden/tulips/").text


def test_lines_are_counted_the_same_with_endings_of_other_systems(tulips: Any) -> None:
    text = GOOD.replace("date: 2026-03-01\n", "date: 2026-03-01\ncolour: red\n")
    assert tulips(text.replace("\n", "\r\n")) == (4, "`colour` is not known here")


def test_a_broken_post_keeps_its_last_good_version(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "The good version.")
    read()
    content.write(PATH, "broken")
    read()
    assert "The good version." in client.get("/garden/tulips/").text


def test_a_post_that_never_was_good_is_absent(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write(PATH, "broken")
    read()
    assert client.get("/garden/tulips/").status_code == 404


def test_a_broken_file_leaves_the_others_alone(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("blogs/garden/posts/broken.md", "broken")
    content.post("tulips")
    read()
    assert client.get("/garden/tulips/").status_code == 200


def test_a_mended_file_is_shown(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    content.write(PATH, "broken")
    read()
    content.post("tulips")
    assert read().problems == []
    assert client.get("/garden/tulips/").status_code == 200


def test_a_broken_file_that_is_removed_takes_its_last_good_version_along(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    content.write(PATH, "broken")
    read()
    content.remove(PATH)
    assert read().problems == []
    assert client.get("/garden/tulips/").status_code == 410


def test_a_broken_file_that_is_only_touched_stays_named(
    content: ContentFolder, refused: Any
) -> None:
    content.write(PATH, "broken")
    before = refused()
    os.utime(content.root / PATH, (1, 1))
    assert refused() == before


def test_a_broken_file_stays_named_when_nothing_changed(
    content: ContentFolder, refused: Any
) -> None:
    content.write(PATH, "broken")
    assert refused() == refused()


def test_a_half_saved_file_is_whole_at_the_next_look(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips", "The end.")
    whole = (content.root / path).read_bytes()
    content.write(path, whole[:20])
    assert len(read().problems) == 1
    content.write(path, whole)
    assert read().problems == []
    assert "The end." in client.get("/garden/tulips/").text


def test_a_file_that_cannot_be_opened_is_named_and_tried_again(
    content: ContentFolder, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips")
    real = documents._content

    def locked(root: Any, path: str) -> bytes:
        if path == PATH:
            raise PermissionError(13, "Permission denied")
        return real(root, path)

    monkeypatch.setattr(documents, "_content", locked)
    assert refused() == {PATH: (1, "cannot be read (Permission denied)")}
    monkeypatch.undo()
    assert refused() == {}


def test_a_fault_of_ours_with_one_file_does_not_stop_the_others(
    client: FlaskClient, content: ContentFolder, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("roses")
    content.post("tulips")
    real = documents._content

    def faulty(root: Any, path: str) -> bytes:
        if path == PATH:
            raise TypeError("a bug")
        return real(root, path)

    monkeypatch.setattr(documents, "_content", faulty)
    assert refused() == {PATH: (1, "makes the reader fail (TypeError)")}
    assert client.get("/garden/roses/").status_code == 200


def test_a_broken_blog_file_keeps_its_blog(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips")
    read()
    content.write("blogs/garden/blog.toml", "broken")
    content.post("roses")
    read()
    assert client.get("/garden/tulips/").status_code == 200
    assert client.get("/garden/roses/").status_code == 200


def test_a_post_without_a_blog_file_is_named_and_shown_once_there_is_one(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    path = content.post("ideas", blog="attic")
    assert refused() == {path: (1, "blogs/attic/blog.toml is missing or cannot be used")}
    content.write("blogs/attic/blog.toml", 'title = "Attic"\n')
    assert refused() == {}
    assert client.get("/attic/ideas/").status_code == 200


def test_settings_that_break_stay_as_they_were(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    read()
    content.write("site.toml", "name = [\n")
    read()
    assert "Green Street" in client.get("/").text


def test_a_folder_that_is_suddenly_empty_takes_nothing_down(
    client: FlaskClient, content: ContentFolder, refused: Any, tmp_path: Any
) -> None:
    content.post("tulips")
    refused()
    content.root.rename(tmp_path / "elsewhere")
    content.root.mkdir()
    assert refused() == {".": (1, "holds no content file at all")}
    assert client.get("/garden/tulips/").status_code == 200


def test_a_folder_that_comes_back_is_as_before(
    client: FlaskClient, content: ContentFolder, refused: Any, tmp_path: Any
) -> None:
    refused()
    content.root.rename(tmp_path / "elsewhere")
    content.root.mkdir()
    refused()
    content.root.rmdir()
    (tmp_path / "elsewhere").rename(content.root)
    assert refused() == {}


def test_hidden_files_and_those_of_editors_are_passed_over(
    content: ContentFolder, refused: Any
) -> None:
    for name in (".tulips.md.swp", "tulips.md~", ".#tulips.md", "notes.txt"):
        content.write(f"blogs/garden/posts/{name}", "broken")
    content.write("blogs/garden/posts/.git/tulips.md", "broken")
    assert refused() == {}


def test_a_post_may_lie_in_a_folder_below_posts(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("blogs/garden/posts/2026/march/tulips.md", GOOD)
    assert read().problems == []
    assert client.get("/garden/tulips/").status_code == 200


def test_the_date_in_a_file_name_is_no_part_of_the_address(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.write("blogs/garden/posts/2026-03-01-tulips.md", GOOD)
    read()
    assert client.get("/garden/tulips/").status_code == 200


@pytest.mark.parametrize("name", ["Tulips", "tulip_time", "tulips two", "-tulips", "tülips"])
def test_a_file_name_that_makes_no_address_is_named(
    content: ContentFolder, refused: Any, name: str
) -> None:
    path = content.write(f"blogs/garden/posts/{name}.md", GOOD)
    reason = f"`slug` “{name}” must be made of a-z, 0-9 and single hyphens"
    assert refused() == {path: (1, reason)}


def test_of_two_files_that_differ_in_case_only_the_proper_one_is_used(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    content.post("tulips")
    content.write("blogs/garden/posts/TULIPS.md", GOOD)
    assert list(refused()) == ["blogs/garden/posts/TULIPS.md"]
    assert client.get("/garden/tulips/").status_code == 200


def test_a_name_that_is_not_utf_8_is_named_as_far_as_it_can_be(
    content: ContentFolder, refused: Any
) -> None:
    content.write("blogs/garden/posts/tulips.md", GOOD)
    folder = os.fsencode(content.root / "blogs/garden/posts")
    with open(folder + b"/tul\xffips.md", "wb") as file:
        file.write(GOOD.encode())
    assert refused() == {
        "blogs/garden/posts/tul?ips.md": (
            1,
            "has a name that cannot be shown; use letters and hyphens",
        )
    }


def test_folders_without_end_are_named_and_left(content: ContentFolder, refused: Any) -> None:
    content.write(f"blogs/garden/posts/{'deep/' * 40}tulips.md", GOOD)
    assert [reason for _line, reason in refused().values()] == ["lies too deep in folders"]


def test_two_files_of_one_slug_name_each_other(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    first = content.post("tulips", "The first.")
    refused()
    second = content.markdown(
        "blogs/garden/posts/again.md", "The second.", title="x", date="2026-03-01", slug="tulips"
    )
    assert refused() == {second: (4, f"has the same address as {first}")}
    assert "The first." in client.get("/garden/tulips/").text


def test_the_second_file_of_a_slug_takes_over_when_the_first_goes(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    first = content.post("tulips", "The first.")
    content.write("blogs/garden/posts/zulips.md", GOOD.replace("title", "slug: tulips\ntitle"))
    assert len(refused()) == 1
    content.remove(first)
    assert refused() == {}
    assert client.get("/garden/tulips/").status_code == 200


def test_two_authors_of_one_slug_name_each_other(content: ContentFolder, refused: Any) -> None:
    refused()
    path = content.markdown("authors/mia.md", "", name="Mia", slug="mira")
    assert refused() == {path: (1, "has the same slug as authors/mira.md")}
