"""Every mail says the same in both parts, to one person, and how to make it stop (M1-M6)."""

import html
import os
import re
from pathlib import Path

import pytest
from flask import Flask

from app.core.mail import Preview, previews
from app.core.registry import Registry
from app.features import FEATURES

TEMPLATES = Path(__file__).parents[2] / "templates"

WRITTEN = {
    f"{file.parts[-3]}/{file.stem}" for file in TEMPLATES.rglob("*") if file.parent.name == "mail"
}
SAMPLES = [sample.template for sample in Registry(FEATURES).every("mails")]

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "mail"
#: Set it to write the snapshots anew; then read what changed.
WRITE = "CLIENTFLOW_TEST_WRITE_SNAPSHOTS"

ADDRESS = re.compile(r"https?://\S+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


@pytest.fixture(scope="module")
def seen(shipped: Flask) -> list[Preview]:
    with shipped.app_context():
        return list(previews())


def words_of_html(page: str) -> list[str]:
    body = re.sub(r"<(head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    # Tags of a line are no end of a word; those of a block are.
    body = re.sub(r"</?(a|b|strong|em|bdi|span|code)\b[^>]*>", "", body)
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


def words_of_text(text: str) -> list[str]:
    lines = (line.removeprefix("> ") for line in text.splitlines() if line != "----")
    shown = ADDRESS.sub("", "\n".join(lines))
    # "Go on:" stands before an address, where the other part has a button that says "Go on".
    return re.sub(r":(?=\n\n|\n$|\Z)", "", shown).split()


def name_of(preview: Preview) -> str:
    return f"{preview.template} ({preview.variant})"


def test_every_mail_has_both_parts_and_a_sample() -> None:
    assert set(SAMPLES) == WRITTEN
    for name in WRITTEN:
        feature, _, stem = name.partition("/")
        for ending in (".txt", ".html"):
            assert (TEMPLATES / feature / "mail" / f"{stem}{ending}").is_file(), name


def test_both_parts_say_the_same(seen: list[Preview]) -> None:
    for preview in seen:
        text = [word.rstrip(":") for word in words_of_text(preview.words.text)]
        page = [word.rstrip(":") for word in words_of_html(preview.words.html)]
        assert [word for word in text if word] == [word for word in page if word], name_of(preview)


def test_a_subject_says_enough_and_fits(seen: list[Preview]) -> None:
    for preview in seen:
        assert 8 <= len(preview.words.subject) <= 60, name_of(preview)


def test_the_html_is_small_and_asks_nobody(seen: list[Preview]) -> None:
    for preview in seen:
        page = preview.words.html
        assert len(page.encode()) <= 20_000, name_of(preview)
        assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import", page)
        assert "color-scheme" in page


def test_every_link_is_whole_and_ours(seen: list[Preview], shipped: Flask) -> None:
    ours = shipped.config["BASE_URL"]
    for preview in seen:
        hrefs = re.findall(r'href="([^"]*)"', preview.words.html)
        assert hrefs
        for address in (*hrefs, *ADDRESS.findall(preview.words.text)):
            assert html.unescape(address).startswith(ours), name_of(preview)
        assert set(map(html.unescape, hrefs)) == set(ADDRESS.findall(preview.words.text))


def test_every_mail_says_why_it_came(seen: list[Preview]) -> None:
    for preview in seen:
        foot = preview.words.text.rpartition("----\n")[2]
        assert "because" in foot, name_of(preview)


def test_what_one_may_stop_says_how(seen: list[Preview]) -> None:
    for preview in seen:
        if preview.words.unsubscribe:
            assert preview.words.unsubscribe in preview.words.text
            assert preview.words.unsubscribe in html.unescape(preview.words.html)


def test_no_mail_names_an_address(seen: list[Preview]) -> None:
    for preview in seen:
        assert not EMAIL.search(preview.words.text + preview.words.html), name_of(preview)


def test_no_line_of_the_text_is_left_dangling(seen: list[Preview]) -> None:
    for preview in seen:
        assert "\n\n\n" not in preview.words.text
        assert not re.search(r"[ \t]$", preview.words.text, re.MULTILINE)


def snapshots(seen: list[Preview]) -> dict[str, str]:
    """Every mail as its sample gives it, in both parts, by the name of its file."""
    parts = {}
    for preview in seen:
        if preview.variant == "as-given":
            name = preview.template.replace("/", "-")
            parts[f"{name}.txt"] = f"{preview.words.subject}\n\n{preview.words.text}"
            parts[f"{name}.html"] = preview.words.html
    return parts


def test_every_mail_is_as_somebody_last_read_it(seen: list[Preview]) -> None:
    parts = snapshots(seen)
    if os.environ.get(WRITE):
        SNAPSHOTS.mkdir(parents=True, exist_ok=True)
        for file in SNAPSHOTS.iterdir():
            file.unlink()
        for name, text in parts.items():
            (SNAPSHOTS / name).write_text(text, "utf-8")
    kept = {file.name: file.read_text("utf-8") for file in SNAPSHOTS.iterdir()}
    assert kept == parts, f"run this test with {WRITE}=1, and read what changed"
