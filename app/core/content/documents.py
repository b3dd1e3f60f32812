"""One content file: read, decoded, and taken apart into front matter and text."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .front import ContentProblem, Lines, parent_of, read_toml, read_yaml, refuse_control_characters

LARGEST = 1_048_576

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A content file taken apart.

    `lines` tells in which line of the file each key stands: `title`, `series.part`,
    `sections[2]`, `sections[2].title`.
    """

    path: str
    front: dict[str, Any]
    body: str
    body_line: int
    digest: str
    lines: Lines = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without folder and ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    def problem(self, reason: str, *, key: str = "") -> ContentProblem:
        """A problem at the line of a key, or of the entry it is missing in, or of the file."""
        while key and key not in self.lines:
            key = parent_of(key)
        return ContentProblem(reason, line=self.lines.get(key, 1))


@dataclass(frozen=True)
class Picture:
    """A picture of the content folder in the versions that pages use."""

    src: str
    srcset: str
    width: int
    height: int
    full: str
    alt: str = ""
    caption: str | None = None


def digest_of(content: bytes) -> str:
    """The fingerprint by which a changed file is recognised."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_document(root: Path, path: str) -> Document:
    """Read and take apart the file `path` below the folder `root`.

    Raises `ContentProblem` for a file that is too large, not UTF-8, outside the
    folder, or whose front matter cannot be read.
    """
    content = _content(root, path)
    text = _decoded(content)
    refuse_control_characters(text, line=1)
    digest = digest_of(content)
    if path.endswith(".toml"):
        front, lines = read_toml(text)
        return Document(path, front, "", 1, digest, lines)

    found = _FRONT.match(text)
    if found is None:
        raise ContentProblem("must begin with front matter between two lines of three hyphens")
    front, lines = read_yaml(found[1])
    body_line = text.count("\n", 0, found.end()) + 1
    return Document(path, front, text[found.end() :], body_line, digest, lines)


def _content(root: Path, path: str) -> bytes:
    file = root / path
    try:
        real = file.resolve(strict=True)
    except (OSError, RuntimeError):
        if file.is_symlink():
            raise ContentProblem("is a link that leads nowhere") from None
        raise
    if not real.is_relative_to(root.resolve()):
        raise ContentProblem("is a link to a place outside the content folder")
    with real.open("rb") as opened:
        content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            size = opened.seek(0, 2)
            raise ContentProblem(f"is {size:,} bytes long; the limit is {LARGEST:,}")
    return content


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ContentProblem("is not UTF-8 text", line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
