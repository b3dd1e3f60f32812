"""Where authors' texts are rendered: in a process of its own, which can be killed.

Markdown written to be slow, or by accident so, then costs two seconds and a
message to its author instead of a worker of the site.
"""

import multiprocessing
import os
import re
import signal
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

from app.core import images, markup

from .documents import Document, Picture
from .front import ContentProblem

DEADLINE_SECONDS = 2.0
# On a busy machine two seconds of work take longer; longer than this it is not the work.
PATIENCE = 15

MOST_PICTURES = 1_000
LONGEST_SOURCE = 300

_FAILED = ("makes the renderer fail", "")
_PICTURE_ENDING = re.compile(r"\.(?:png|jpe?g|gif|webp|avif)\b", re.IGNORECASE)
_NOT_IN_SOURCE = re.compile(r"[\s()\[\]<>\"'|]")


class Renderer:
    """One child process that renders; it ends, and is replaced, when a text takes too long.

    The deadline is of processor time, so that a busy machine refuses no good text.
    """

    def __init__(self, deadline: float = DEADLINE_SECONDS) -> None:
        self.deadline = deadline
        self._process: Any = None
        self._pipe: Connection | None = None

    def render(self, text: str, pictures: Mapping[str, markup.PictureTag | str]) -> markup.Article:
        """The article, or `ContentProblem` when the text is refused or too slow.

        The problem's line is counted within the text.
        """
        pipe = self._connected()
        try:
            pipe.send((text, dict(pictures), self.deadline))
            answer = pipe.recv() if pipe.poll(self.deadline * PATIENCE) else None
        except (EOFError, ConnectionError):
            self._process.join()
            answer = None if self._process.exitcode == -signal.SIGPROF else _FAILED
        if answer is None:
            self.close()
            raise ContentProblem(f"takes longer than {self.deadline:g} seconds to render")
        if isinstance(answer, markup.Article):
            return answer
        reason, near = answer
        raise ContentProblem(reason, line=text.count("\n", 0, max(text.find(near), 0)) + 1)

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
            with warnings.catch_warnings():
                # Newer Pythons warn of locks that other threads hold; the child takes none.
                warnings.simplefilter("ignore", DeprecationWarning)
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
    #: The other content files that the document at work was made of.
    used: set[str] = field(default_factory=set)

    def render(self, document: Document, text: str | None = None) -> markup.Article:
        """The article of a document's text, or of another text from the same file.

        Raises `ContentProblem`, for the document's own text with its line in the file.
        """
        source = document.body if text is None else text
        pictures = self._pictures(document, source)
        try:
            return self.renderer.render(source, pictures)
        except ContentProblem as problem:
            line = document.body_line + problem.line - 1 if text is None else 1
            raise ContentProblem(problem.reason, line=line) from None

    def picture(self, document: Document, source: str, *, alt: str, caption: str | None) -> Picture:
        """One picture named in the front matter. Raises `ContentProblem` when it is not there."""
        made = self._made(document, source)
        if made is None:
            raise ContentProblem(f"the picture {source} {markup.NO_PICTURE}")
        return replace(made, alt=alt, caption=caption)

    def _pictures(self, document: Document, text: str) -> dict[str, markup.PictureTag | str]:
        """Every picture of the content folder that a text may refer to, resized.

        In place of one that cannot be used, why that is.
        """
        found: dict[str, markup.PictureTag | str] = {}
        for source in _picture_sources(text):
            try:
                made = self._made(document, source)
            except ContentProblem as problem:
                found[source] = problem.reason
                continue
            if made is not None:
                found[source] = markup.PictureTag(
                    made.src, made.srcset, made.width, made.height, made.full
                )
        return found

    def _file(self, document: Document, source: str) -> Path | None:
        """The picture's file; `None` when there is none inside the content folder."""
        start = "" if source.startswith("/") else os.path.dirname(document.path)
        path = os.path.normpath(os.path.join(start, source.lstrip("/")))
        root = self.content.resolve()
        try:
            file = (root / path).resolve()
            is_ours = file.is_relative_to(root) and file.is_file()
        except (OSError, RuntimeError, ValueError):  # Names too long, circles of links, NUL.
            return None
        if not is_ours:
            return None
        # Where a link leads is as much a part of the page as the link.
        self.used.update((path, file.relative_to(root).as_posix()))
        return file

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


@contextmanager
def open_workshops(
    number: int, content: Path, media: Path, zone: ZoneInfo
) -> Iterator["SimpleQueue[Workshop]"]:
    """Workshops to take from and put back; their renderers end with the block."""
    renderers = [Renderer() for _ in range(number)]
    ready: SimpleQueue[Workshop] = SimpleQueue()
    for renderer in renderers:
        ready.put(Workshop(content, media, zone, renderer))
    try:
        yield ready
    finally:
        for renderer in renderers:
            renderer.close()


def _picture_sources(text: str) -> list[str]:
    """Words of a text that may be pictures; found from their ends, as that takes linear time."""
    found: dict[str, None] = {}
    for ending in islice(_PICTURE_ENDING.finditer(text), MOST_PICTURES):
        before = text[max(0, ending.start() - LONGEST_SOURCE) : ending.start()]
        found[_NOT_IN_SOURCE.split(before)[-1] + ending[0]] = None
    return list(found)


def _serve(pipe: Connection) -> None:
    """The child's life: a text in, an article or a sentence of refusal out."""
    _let_go_of_everything_but(pipe)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Ctrl-C reaches the whole group; the parent ends this process, or its end of the pipe does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            text, pictures, deadline = pipe.recv()
        except (EOFError, OSError):
            return
        # Unanswered, the signal ends the process even within a regular expression.
        signal.setitimer(signal.ITIMER_PROF, deadline)
        try:
            answer: Any = markup.render_article(text, pictures)
        except markup.TextRefused as refusal:
            answer = (str(refusal), refusal.near)
        except Exception as fault:  # A fault of the renderer must not take the sync along.
            answer = (f"makes the renderer fail ({type(fault).__name__})", "")
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(answer)


def _let_go_of_everything_but(pipe: Connection) -> None:
    """Close what the parent had open: its end of the pipe, its lock, its database.

    Otherwise the child would never learn that a killed parent is gone, and would keep
    the lock against every later sync.
    """
    kept = pipe.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
