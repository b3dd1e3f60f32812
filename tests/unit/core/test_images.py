"""Pictures: hostile files are refused in a sentence, good ones become small and bare."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.core import images

FONT = Path(__file__).parents[3] / "static" / "fonts" / "figtree.woff2"


def save(file: Path, kind: str, *, mode: str = "RGB", size: Any = (300, 200), **facts: Any) -> Path:
    """A picture of one colour in a file."""
    Image.new(mode, size).save(file, kind, **facts)
    return file


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header speaks of so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")
    )  # fmt: skip


def refusal(tmp_path: Path, content: bytes) -> str:
    """Why a file is refused."""
    file = tmp_path / "a.png"
    file.write_bytes(content)
    with pytest.raises(images.PictureRefused) as refused:
        images.resize(file, tmp_path / "media")
    return str(refused.value)


@pytest.mark.parametrize(("width", "height"), [(5_000, 5_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path, width: int, height: int) -> None:
    assert refusal(tmp_path, png_that_claims(width, height)) == "has more than 24 million pixels"


def test_a_picture_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = save(tmp_path / "b.png", "PNG", size=(400, 400)).read_bytes()
    assert refusal(tmp_path, whole[:-60]).startswith("cannot be read")


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg/>", b"%PDF-1.7", b"RIFF\0\0\0\0WEBPVP8 "]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM", "EPS"])
def test_a_kind_that_is_not_on_the_list_is_refused_whatever_its_name(
    tmp_path: Path, kind: str
) -> None:
    content = save(tmp_path / "b", kind).read_bytes()
    assert refusal(tmp_path, content) == "is not a PNG, JPEG, WebP, GIF or AVIF picture"


def test_a_file_over_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"x" * (images.LARGEST_FILE + 1)) == "is larger than 10 MB"


def test_a_picture_taller_than_webp_can_be_is_refused(tmp_path: Path) -> None:
    content = save(tmp_path / "b.png", "PNG", size=(20, 20_000)).read_bytes()
    assert refusal(tmp_path, content).startswith("is taller than 16,383 pixels")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\0" * 64])
def test_odd_facts_about_the_camera_are_no_fault(tmp_path: Path, exif: bytes) -> None:
    save(tmp_path / "a.jpg", "JPEG", exif=exif)
    assert images.resize(tmp_path / "a.jpg", tmp_path / "media").width == 300


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "I;16"),
     ("JPEG", "L"), ("JPEG", "CMYK"), ("GIF", "P"), ("WEBP", "RGBA"), ("AVIF", "RGB")],
)  # fmt: skip
def test_every_way_of_storing_colours_is_understood(tmp_path: Path, kind: str, mode: str) -> None:
    save(tmp_path / "a", kind, mode=mode)
    made = images.resize(tmp_path / "a", tmp_path / "media")
    assert (made.width, made.height, len(made.files)) == (300, 200, 1)


def test_no_version_is_wider_than_the_original(tmp_path: Path) -> None:
    save(tmp_path / "a", "PNG", size=(1_000, 500))
    made = images.resize(tmp_path / "a", tmp_path / "media")
    assert [width for width, _file in made.files] == [480, 800, 1_000]


def test_a_picture_is_turned_as_its_camera_meant(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    save(tmp_path / "a", "JPEG", size=(300, 200), exif=exif)
    made = images.resize(tmp_path / "a", tmp_path / "media")
    assert (made.width, made.height) == (200, 300)


@pytest.mark.parametrize(("kind", "facts"), [
    ("JPEG", {"comment": b"secretword"}), ("JPEG", {"xmp": b"<x>secretword</x>"}),
    ("WEBP", {"xmp": b"<x>secretword</x>"}), ("JPEG", {"icc_profile": b"secretword" * 20}),
])  # fmt: skip
def test_what_a_picture_says_of_itself_is_left_behind(
    tmp_path: Path, kind: str, facts: dict[str, Any]
) -> None:
    save(tmp_path / "a", kind, **facts)
    made = images.resize(tmp_path / "a", tmp_path / "media")
    for _width, file in made.files:
        assert b"secretword" not in (tmp_path / "media" / file).read_bytes()


def test_a_changed_picture_has_other_names(tmp_path: Path) -> None:
    first = images.resize(save(tmp_path / "a", "PNG"), tmp_path / "media")
    second = images.resize(save(tmp_path / "a", "PNG", size=(301, 200)), tmp_path / "media")
    assert not set(first.files) & set(second.files)


def test_many_may_make_the_same_picture_at_once(tmp_path: Path) -> None:
    file = save(tmp_path / "a", "PNG", size=(1_700, 900))
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _number: images.resize(file, tmp_path / "media"), range(8)))
    assert len(made) == 1
    assert len(list((tmp_path / "media").iterdir())) == 4


@pytest.mark.parametrize("title", ["x", "a " * 100, "a" * 200, "ü 🌷 東京 \u202e", "x\ny"])
def test_a_card_can_be_drawn_of_any_title(title: str) -> None:
    card = images.draw_card(title, "Green Street", accent="#0f6a80", font=FONT)
    with Image.open(io.BytesIO(card)) as picture:
        assert picture.size == (1_200, 630)
