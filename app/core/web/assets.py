"""Style sheets, scripts, font, icons: joined, named by content, kept in memory, compressed once.

No build step: what a browser gets is made from `static/` when a process first needs it.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Blueprint, Response, current_app, request

from app.core.errors import Missing

from .access import public
from .delivery import COMPRESSIBLE, best_encoding, compress

#: The style sheets that are joined, and the list of what each is joined from.
STYLESHEETS = {
    "site.css": "css/order.txt",
    "cookies.css": "css/cookies/order.txt",
    "feedback.css": "css/feedback/order.txt",
    "trends.css": "css/trends/order.txt",
    "privacy.css": "css/privacy/order.txt",
    "export.css": "css/export/order.txt",
    "private.css": "css/private/order.txt",
}
A_YEAR = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8",
}

bp = Blueprint("assets", __name__)

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,>])\s*")
_OWN_ADDRESS = re.compile(r'url\("/static/([^"]+)"\)')


@dataclass
class Asset:
    """One file as browsers get it, in the encodings asked for so far."""

    name: str
    type: str
    body: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)

    def in_encoding(self, encoding: str | None) -> bytes:
        """The body in `br`, `gzip` or, for `None`, as it is."""
        if encoding is None:
            return self.body
        if encoding not in self.encoded:
            # Made once a process, so the slowest and smallest setting is right.
            best = brotli.compress if encoding == "br" else lambda body: compress(body, "gzip", 9)
            self.encoded[encoding] = best(self.body)
        return self.encoded[encoding]


class Assets:
    """Everything below `static/` that pages use, under names that change with the content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {
            file.relative_to(folder).as_posix(): self._asset(file)
            for file in sorted(folder.rglob("*"))
            if file.suffix in TYPES and file.suffix != ".css" and file.is_file()
        }
        self.by_name = {asset.name: asset for asset in self.files.values()}
        self.sheets: dict[str, Asset] = {}

    def address(self, name: str, colours: tuple[str, str]) -> str:
        """The address of a file below `static/`, or of a style sheet in the site's colours."""
        asset = self.stylesheet(name, colours) if name in STYLESHEETS else self.files[name]
        return f"/static/{asset.name}"

    def stylesheet(self, name: str, colours: tuple[str, str]) -> Asset:
        """A style sheet joined in the order of its list; the public one ends with the accents."""
        asset = _stylesheet(self, name, colours if name == "site.css" else ("", ""))
        self.sheets[asset.name] = asset
        return asset

    def _asset(self, file: Path) -> Asset:
        body = file.read_bytes()
        path = file.relative_to(self.folder)
        name = path.with_name(f"{path.stem}.{_fingerprint(body)}{path.suffix}")
        return Asset(name.as_posix(), TYPES[file.suffix], body)


@bp.get("/static/<path:name>")
@public
def show(name: str) -> Response:
    """A file under its hashed name for a year, under its plain name until the next look."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.by_name.get(name) or assets.sheets.get(name)
    if asset:
        return _answer(asset, A_YEAR)
    # A page from before a change of colours names a style sheet this process never made.
    sheet = f"{name.partition('.')[0]}.css"
    is_stylesheet = sheet in STYLESHEETS and name.endswith(".css")
    asset = assets.stylesheet(sheet, current_colours()) if is_stylesheet else assets.files.get(name)
    if asset is None:
        raise Missing
    return _answer(asset, "no-cache")


def inline_stylesheet(name: str) -> str:
    """A style sheet as text, for a file that stands alone; it may name no other file."""
    assets: Assets = current_app.extensions["assets"]
    return _stylesheet(assets, name, current_colours()).body.decode()


def current_colours() -> tuple[str, str]:
    """The site's accents, light and dark; the theme's own when the database is away."""
    from sqlalchemy.exc import SQLAlchemyError

    from .templating import page_part

    try:
        return page_part("site").colours
    except SQLAlchemyError:
        return ("", "")


def _answer(asset: Asset, lasting: str) -> Response:
    encoding = best_encoding(request) if asset.type.startswith(COMPRESSIBLE) else None
    response = Response(asset.in_encoding(encoding), content_type=asset.type)
    response.headers["Cache-Control"] = lasting
    response.set_etag(_fingerprint(asset.body) + (f"-{encoding}" if encoding else ""))
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.make_conditional(request)
    return response


@lru_cache(maxsize=8)
def _stylesheet(assets: Assets, name: str, colours: tuple[str, str]) -> Asset:
    order = (assets.folder / STYLESHEETS[name]).read_text("utf-8").split()
    joined = "\n".join((assets.folder / "css" / name).read_text("utf-8") for name in order)
    light, dark = colours
    if light and dark:
        joined += f"@layer tokens{{:root{{--accent-light:{light};--accent-dark:{dark}}}}}"
    text = _OWN_ADDRESS.sub(lambda found: f'url("/static/{assets.files[found[1]].name}")', joined)
    body = _smaller(text).encode()
    return Asset(name.replace(".", f".{_fingerprint(body)}."), TYPES[".css"], body)


def _smaller(css: str) -> str:
    """Without comments and needless white space; nothing that could change its meaning."""
    return _TIGHT.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(";}", "}").strip()


def _fingerprint(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=6).hexdigest()
