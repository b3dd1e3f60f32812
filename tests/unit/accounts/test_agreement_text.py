"""Which text is the agreement, and how it is known."""

import pytest
from flask import Flask

from app.accounts.agreement import Agreement, current_agreement
from tests.folder import ContentFolder


@pytest.fixture
def current(app: Flask):
    def current() -> Agreement | None:
        with app.app_context():
            return current_agreement()

    return current


def test_the_shipped_text_holds_where_a_site_has_none(current) -> None:
    text = current().text
    for word in ("copying out", "passing on", "at once", "recorded", "ends when my role does"):
        assert word in text
    assert "<h2" in current().html


def test_the_newest_of_a_sites_own_texts_holds(current, content: ContentFolder) -> None:
    content.write("agreement/0002.md", "Second.")
    content.write("agreement/0010.md", "Tenth.")
    content.write("agreement/notes.md", "Not one.")
    assert (current().version, current().text) == (10, "Tenth.\n")


def test_a_text_changed_in_place_is_another_text(current, content: ContentFolder) -> None:
    content.write("agreement/0002.md", "Say nothing.")
    before = current()
    content.write("agreement/0002.md", "Say nothing at all.")
    assert current().version == before.version
    assert current().digest != before.digest


def test_line_ends_and_trailing_blanks_change_nothing(current, content: ContentFolder) -> None:
    content.write("agreement/0002.md", "Say\nnothing.")
    before = current().digest
    content.write("agreement/0002.md", b"\xef\xbb\xbfSay \r\nnothing.\r\n\r\n")
    assert current().digest == before


@pytest.mark.parametrize("broken", [b"", b"\xff\xfe", b"x" * 70_000])
def test_a_broken_text_is_none_and_never_an_older_one(
    current, content: ContentFolder, broken: bytes
) -> None:
    content.write("agreement/0001.md", "Say nothing.")
    content.write("agreement/0002.md", broken)
    assert current() is None


def test_a_text_cannot_bring_script(current, content: ContentFolder) -> None:
    content.write("agreement/0002.md", "<script>alert(1)</script>[x](javascript:alert(1))")
    assert "<script" not in current().html
    assert "javascript:" not in current().html
