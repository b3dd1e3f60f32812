"""Pictures in posts: resized, described, and never from outside the content folder."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.folder import ContentFolder

HEAD = "---\ntitle: Tulips\ndate: 2026-03-01\n---\nFirst line.\n\n"
ABSENT = "is not in the content folder, or is no PNG, JPEG, WebP, GIF or AVIF file"


@pytest.mark.parametrize(
    "source",
    [
        "nowhere.png",
        "/etc/passwd.png",
        "../../../../../../../../etc/hostname.png",
        "/../../secret.png",
        "https://example.org/x.png",
        "//example.org/x.png",
        "data:image/png;base64,AAAA",
        "picture.svg",
        "x%2e%2e/secret.png",
    ],
)
def test_a_picture_that_is_not_in_the_folder_is_refused_at_its_line(
    content: ContentFolder, reason_of: Any, source: str, tmp_path: Path
) -> None:
    content.picture("../secret.png")
    content.write("blogs/garden/posts/picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    found = reason_of(f"{HEAD}![A]({source})\n")
    assert found == (7, f"the picture {source} {ABSENT}")


def test_a_picture_behind_a_link_out_of_the_folder_is_refused(
    content: ContentFolder, reason_of: Any
) -> None:
    content.picture("../secret.png")
    (content.root / "images").mkdir()
    os.symlink(content.root.parent / "secret.png", content.root / "images" / "a.png")
    assert reason_of(f"{HEAD}![A](/images/a.png)\n") == (7, f"the picture /images/a.png {ABSENT}")


def test_a_picture_without_alternative_text_is_refused_at_its_line(
    content: ContentFolder, reason_of: Any
) -> None:
    content.picture("images/a.png")
    text = f"{HEAD}![A](/images/a.png)\n\n![](/images/a.png)\n"
    assert reason_of(text) == (9, "the picture /images/a.png has no alternative text")


@pytest.mark.parametrize(
    "html",
    ["<img src='/x.png' alt='x'>", "<IMG SRC=x>", "<image src=x>", "<picture></picture>",
     "a <img src=x onerror=alert(1)> b"],
)  # fmt: skip
def test_a_picture_as_html_is_refused_at_its_line(reason_of: Any, html: str) -> None:
    found = reason_of(f"{HEAD}{html}\n")
    assert found == (7, "write pictures as ![what it shows](path), not as HTML")


def test_html_shown_as_code_is_no_picture(reason_of: Any) -> None:
    assert reason_of(f"{HEAD}`<img src=x>`\n\n```html\n<img src=x>\n```\n") is None


@pytest.mark.parametrize(
    ("bytes_", "reason"),
    [
        (b"no picture", "is not a PNG, JPEG, WebP, GIF or AVIF picture"),
        (b"", "is not a PNG, JPEG, WebP, GIF or AVIF picture"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "is not a PNG, JPEG, WebP, GIF or AVIF picture",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "cannot be read"),
    ],
)
def test_a_picture_that_is_none_is_refused_at_its_line(
    content: ContentFolder, reason_of: Any, bytes_: bytes, reason: str
) -> None:
    content.write("images/a.png", bytes_)
    line, found = reason_of(f"{HEAD}![A](/images/a.png)\n")
    assert (line, found[: 26 + len(reason)]) == (7, f"the picture /images/a.png {reason}")


def test_a_cover_that_is_not_there_is_refused_at_its_line(reason_of: Any) -> None:
    text = "---\ntitle: x\ndate: 2026-03-01\ncover:\n  image: x.png\n  alt: A\n---\n"
    assert reason_of(text) == (5, f"`cover.image` cannot be used: the picture x.png {ABSENT}")


@pytest.mark.database
@pytest.mark.parametrize(
    "source", ["/images/a.png", "../../../images/a.png", "./../../../images/a.png"]
)
def test_a_picture_is_shown_from_the_root_or_from_the_place_of_the_file(
    client: FlaskClient, content: ContentFolder, read: Any, source: str
) -> None:
    content.picture("images/a.png", 1000, 500)
    content.post("tulips", f'![A tulip]({source} "In spring")')
    assert read().problems == []
    page = client.get("/garden/tulips/").text
    for part in ('width="1000"', 'height="500"', " 480w", " 800w", 'alt="A tulip"',
                 "<figcaption>In spring</figcaption>"):  # fmt: skip
        assert part in page


@pytest.mark.database
@pytest.mark.parametrize("use", ["![A](/images/a.png)", ""])
def test_a_picture_that_changes_alone_is_shown_anew(
    client: FlaskClient, content: ContentFolder, read: Any, use: str
) -> None:
    content.picture("images/a.png", 1000, 500)
    cover = {} if use else {"cover": {"image": "../../../images/a.png", "alt": "A"}}
    content.post("tulips", use, **cover)
    read()
    content.picture("images/a.png", 900, 300)
    read()
    page = client.get("/garden/tulips/").text
    assert 'width="900"' in page
    assert 'height="300"' in page


@pytest.mark.database
def test_a_picture_in_a_biography_that_changes_alone_is_shown_anew(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.picture("images/a.png", 1000, 500)
    content.markdown("authors/mira.md", "![A](/images/a.png)", name="Mira")
    content.post("tulips", authors=["mira"])
    read()
    content.picture("images/a.png", 900, 300)
    read()
    assert 'width="900"' in client.get("/garden/authors/mira/").text


@pytest.mark.database
def test_a_picture_that_is_added_later_mends_the_post(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "![A](/images/a.png)")
    assert len(read().problems) == 1
    content.picture("images/a.png")
    assert read().problems == []


@pytest.mark.database
def test_a_picture_that_is_removed_is_named_and_stays_on_the_page(
    client: FlaskClient, content: ContentFolder, refused: Any
) -> None:
    content.picture("images/a.png")
    path = content.post("tulips", "![A](/images/a.png)")
    refused()
    content.remove("images/a.png")
    assert refused() == {path: (5, f"the picture /images/a.png {ABSENT}")}
    source = client.get("/garden/tulips/").text.split(' src="/media/')[1].split('"')[0]
    with client.get(f"/media/{source}") as answer:
        assert answer.status_code == 200


@pytest.mark.database
def test_a_picture_nobody_uses_changes_no_post(content: ContentFolder, read: Any) -> None:
    content.picture("images/a.png")
    content.post("tulips")
    read()
    content.picture("images/a.png", 20, 20)
    assert read().read == 1


@pytest.mark.database
def test_one_picture_in_many_posts_is_made_once_whoever_is_first(
    app: Any, content: ContentFolder, read: Any
) -> None:
    content.picture("images/a.png", 1200, 600)
    for number in range(12):
        content.post(f"post-{number}", "![A](/images/a.png)")
    assert read().problems == []
    media = Path(app.config["INSTANCE"]) / "media"
    assert sorted(file.name.split("-")[1] for file in media.glob("*.*")) == [
        "1200.webp",
        "480.webp",
        "800.webp",
    ]


@pytest.mark.database
def test_where_a_photograph_was_taken_is_not_published(
    app: Any, content: ContentFolder, read: Any
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Mira"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, "JPEG", exif=exif, comment=b"A secret place")
    content.write("images/a.jpg", out.getvalue())
    content.post("tulips", "![A](/images/a.jpg)")
    assert read().problems == []
    for file in (Path(app.config["INSTANCE"]) / "media").glob("*.webp"):
        made = file.read_bytes()
        assert not any(word in made for word in (b"EXIF", b"Exif", b"Mira", b"secret", b"ICCP"))
