"""One content file: read, decoded, and taken apart into front matter and text."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LARGEST = 1_048_576
LARGEST_FRONT = 65_536

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_TOML_LINE = re.compile(r"line (\d+)")


class ContentProblem(Exception):
    """A content file that cannot be used: which line, and why, in words for its author."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Document:
    """A content file taken apart; `lines` tells in which line each front-matter key stands."""

    path: str
    front: dict[str, Any]
    body: str
    body_line: int
    digest: str
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without folder and ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    def problem(self, reason: str, *, key: str | None = None) -> ContentProblem:
        """A problem at the line of a front-matter key, or at the top of the file."""
        return ContentProblem(reason, line=self.lines.get(key or "", 1))


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
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        raise ContentProblem("is a link to a place outside the content folder")
    size = file.stat().st_size
    if size > LARGEST:
        raise ContentProblem(f"is {size:,} bytes long; the limit is {LARGEST:,}")
    content = file.read_bytes()
    text = _decoded(content)
    digest = digest_of(content)
    if path.endswith(".toml"):
        return Document(path, _toml(text), "", 1, digest)

    found = _FRONT.match(text)
    if found is None:
        raise ContentProblem("must begin with front matter between two lines of three hyphens")
    front, lines = _yaml(found[1])
    body_line = text.count("\n", 0, found.end()) + 1
    return Document(path, front, text[found.end() :], body_line, digest, lines)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ContentProblem("is not UTF-8 text", line=line) from None
    if "\0" in text:
        raise ContentProblem(
            "holds a NUL character", line=text.count("\n", 0, text.index("\0")) + 1
        )
    return text.replace("\r\n", "\n")


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = _TOML_LINE.search(str(problem))
        raise ContentProblem(f"TOML: {problem}", line=int(line[1]) if line else 1) from None


def _yaml(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The mapping, and each top-level key's line in the file."""
    if len(text) > LARGEST_FRONT:
        raise ContentProblem("the front matter is longer than 64 KB")
    loader = yaml.CSafeLoader(text)
    try:
        _refuse_aliases(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContentProblem("the front matter must be a list of `name: value` lines", line=2)
        lines = _key_lines(node)
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line = mark.line + 2 if mark else 2
        reason = f"YAML: {problem.problem or 'cannot be read'}"
        raise ContentProblem(reason, line=line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise ContentProblem(f"YAML: {problem}", line=2) from None
    finally:
        loader.dispose()


def _refuse_aliases(text: str) -> None:
    """Aliases let ten lines stand for gigabytes, and no author needs them."""
    if "*" not in text or "&" not in text:
        return
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            line = mark.line + 2 if mark else 2
            raise ContentProblem("YAML aliases are not used here", line=line)


def _key_lines(node: yaml.MappingNode) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, _value in node.value:
        # The front matter's first line is the second of the file.
        line = key.start_mark.line + 2
        if str(key.value) in lines:
            raise ContentProblem(f"`{key.value}` is given twice", line=line)
        lines[str(key.value)] = line
    return lines
