"""Pictures: hostile files in, small WebP files out, nothing of the original's metadata.

Also draws the card that other sites show beside a link to a page.
"""

import hashlib
import io
import os
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_AREA = 24_000_000
# WebP has no more.
TALLEST = 16_383
WIDTHS = (480, 800, 1200, 1600)
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
QUALITY = 80
CARD_SIZE = (1200, 630)
#: Raised whenever the same file would give other pictures.
VERSION = 1


class PictureRefused(ValueError):
    """The file is no picture we take; says why in one sentence."""


@dataclass(frozen=True)
class Resized:
    """One picture in several widths: file names in the media folder by width, in pixels."""

    width: int
    height: int
    files: tuple[tuple[int, str], ...]


def resize(original: Path, media: Path) -> Resized:
    """Make the picture's WebP versions in `media`; those already there are left alone.

    Names come from the file's content, so a changed picture gets new addresses.
    Raises `PictureRefused` for a file too large, of another kind or not readable.
    """
    if original.stat().st_size > LARGEST_FILE:
        raise PictureRefused("is larger than 10 MB")
    content = original.read_bytes()
    picture = _open(content)
    name = hashlib.blake2b(content + bytes([VERSION]), digest_size=10).hexdigest()
    widths = [width for width in WIDTHS if width < picture.width] + [min(picture.width, WIDTHS[-1])]
    if _height(picture, max(widths)) > TALLEST:
        raise PictureRefused(f"is taller than {TALLEST:,} pixels; cut it into several")
    files = tuple((width, f"{name}-{width}.webp") for width in sorted(set(widths)))
    media.mkdir(parents=True, exist_ok=True)
    for width, file in files:
        if not (media / file).exists():
            _replace(media / file, _encoded(_scaled(picture, width)))
    largest = files[-1][0]
    return Resized(largest, _height(picture, largest), files)


def draw_card(title: str, site: str, *, accent: str, font: Path) -> bytes:
    """A PNG of 1200 by 630 pixels: the title of a page over the name of the site."""
    card = Image.new("RGB", CARD_SIZE, "#fbfaf7")
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, 24, CARD_SIZE[1]), fill=accent)
    lines, size = _fitted(title)
    heading = _font(font, size, 700)
    draw.multiline_text((96, 96), "\n".join(lines), "#1d1b18", heading, spacing=size // 5)
    draw.rectangle((96, 520, 176, 526), fill=accent)
    draw.text((96, 540), site, "#5b554c", _font(font, 36, 600))
    out = io.BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def card_file(title: str, site: str, *, accent: str, font: Path, folder: Path) -> Path:
    """The file of a page's card; drawn when it is first asked for, kept for the next time."""
    facts = "\0".join((str(VERSION), title, site, accent)).encode()
    file = folder / f"{hashlib.blake2b(facts, digest_size=10).hexdigest()}.png"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _replace(file, draw_card(title, site, accent=accent, font=font))
    return file


def _open(content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=KINDS)
        # The header tells the size; the pixels are not unpacked before it is known to be bearable.
        if picture.width * picture.height > LARGEST_AREA:
            raise PictureRefused("has more than 24 million pixels")
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        return upright.convert("RGBA" if has_alpha else "RGB")
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused("is not a PNG, JPEG, WebP, GIF or AVIF picture") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused("has more than 24 million pixels") from None
    except Exception as problem:  # Broken pictures make the decoders raise anything.
        raise PictureRefused(f"cannot be read ({problem})") from None


def _height(picture: Image.Image, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    return picture.resize((width, _height(picture, width)), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    # What the original said of its camera, its owner and the place stays behind.
    picture.info = {}
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _replace(file: Path, content: bytes) -> None:
    """Write under a name nobody else uses first; another process may make the same picture."""
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        part.write(content)
    os.chmod(part.name, 0o644)
    os.replace(part.name, file)


def _fitted(title: str) -> tuple[list[str], int]:
    """The title in lines, and the largest type size at which they fit the card."""
    for size, width, most in ((84, 24, 4), (68, 30, 5), (54, 38, 6)):
        lines = textwrap.wrap(title, width)
        if len(lines) <= most:
            return lines, size
    return [*lines[:5], lines[5][:36] + "…"], size


def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(file, size)
    font.set_variation_by_axes([weight])
    return font
