"""Where authors' texts are rendered: in a process of its own, which can be killed.

Markdown written to be slow, or by accident so, then costs two seconds and a
message to its author instead of a worker of the site.
"""

import multiprocessing
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.core import images, markup

from .documents import ContentProblem, Document, Picture

DEADLINE_SECONDS = 2.0

_PICTURE_PATH = re.compile(r"[^\s()\[\]<>\"'|]+\.(?:png|jpe?g|gif|webp|avif)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pictures:
    """The pictures a text refers to, by the source as written, and the files behind them."""

    by_source: Mapping[str, Picture]
    files: tuple[str, ...]


class Renderer:
    """One child process that renders; killed and replaced when a text takes too long."""

    def __init__(self, deadline: float = DEADLINE_SECONDS) -> None:
        self.deadline = deadline
        self._process: Any = None
        self._pipe: Connection | None = None

    def render(self, text: str, pictures: Mapping[str, markup.PictureTag]) -> markup.Article:
        """The article, or `ContentProblem` when the text is refused or too slow."""
        pipe = self._connected()
        pipe.send((text, dict(pictures)))
        if not pipe.poll(self.deadline):
            self.close()
            raise ContentProblem(f"takes longer than {self.deadline:g} seconds to render")
        try:
            answer = pipe.recv()
        except EOFError:
            self.close()
            raise ContentProblem("makes the renderer fail") from None
        if isinstance(answer, markup.Article):
            return answer
        raise ContentProblem(str(answer))

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = self._pipe = None

    def _connected(self) -> Connection:
        if self._pipe is None or not self._process.is_alive():
            context = multiprocessing.get_context("fork")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe


@dataclass(frozen=True)
class Workshop:
    """What preparing a document may use: the renderer, the folders, the site's time zone."""

    content: Path
    media: Path
    zone: ZoneInfo
    renderer: Renderer

    def render(self, document: Document, text: str | None = None) -> markup.Article:
        """The article of a document's text, or of another text from the same file.

        Raises `ContentProblem` at the line where the text begins.
        """
        source = document.body if text is None else text
        try:
            found = self.pictures(document, source)
            tags = {name: _tag(picture) for name, picture in found.by_source.items()}
            return self.renderer.render(source, tags)
        except ContentProblem as problem:
            raise ContentProblem(problem.reason, line=document.body_line) from None

    def picture(self, document: Document, source: str, *, alt: str, caption: str | None) -> Picture:
        """One picture named in the front matter. Raises `ContentProblem` when it is not there."""
        made = self._made(document, source)
        if made is None:
            raise ContentProblem(f"the picture {source} is not in the content folder")
        return replace(made, alt=alt, caption=caption)

    def pictures(self, document: Document, text: str) -> Pictures:
        """Every picture of the content folder that a text may refer to, resized."""
        by_source: dict[str, Picture] = {}
        files: list[str] = []
        for source in dict.fromkeys(_PICTURE_PATH.findall(text)):
            file = self._file(document, source)
            made = self._made(document, source)
            if file is not None and made is not None:
                by_source[source] = made
                files.append(file.relative_to(self.content.resolve()).as_posix())
        return Pictures(by_source, tuple(files))

    def _file(self, document: Document, source: str) -> Path | None:
        """The picture's file; `None` when there is none inside the content folder."""
        start = self.content if source.startswith("/") else (self.content / document.path).parent
        file = (start / source.lstrip("/")).resolve()
        is_inside = file.is_relative_to(self.content.resolve())
        return file if is_inside and file.is_file() else None

    def _made(self, document: Document, source: str) -> Picture | None:
        file = self._file(document, source)
        if file is None:
            return None
        try:
            resized = images.resize(file, self.media)
        except images.PictureRefused as problem:
            raise ContentProblem(f"the picture {source} {problem}") from None
        addresses = [(width, f"/media/{name}") for width, name in resized.files]
        middle = next((address for width, address in addresses if width >= 800), addresses[-1][1])
        return Picture(
            src=middle,
            srcset=", ".join(f"{address} {width}w" for width, address in addresses),
            width=resized.width,
            height=resized.height,
            full=addresses[-1][1],
        )


def _tag(picture: Picture) -> markup.PictureTag:
    return markup.PictureTag(
        picture.src, picture.srcset, picture.width, picture.height, picture.full
    )


def _serve(pipe: Connection) -> None:
    """The child's life: a text in, an article or a sentence of refusal out."""
    while True:
        try:
            text, pictures = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            answer: Any = markup.render_article(text, pictures)
        except markup.TextRefused as refusal:
            answer = str(refusal)
        except Exception as fault:  # A fault of the renderer must not take the sync along.
            answer = f"makes the renderer fail ({type(fault).__name__})"
        pipe.send(answer)
