"""What is in the content folder, and what has changed since the last sync.

A file whose size, time and inode are as recorded is taken as unchanged without
being opened; ten thousand files are compared in a fraction of a second.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .kinds import ContentKind
from .models import ContentFile

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
PICTURE_KIND = "picture"
#: Something that stands in the way of reading, such as a folder that cannot be opened.
OBSTACLE_KIND = "obstacle"
DEEPEST = 32
LONGEST_PATH = 1_000


@dataclass(frozen=True)
class Stamp:
    """What the file system says of a file without opening it."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True)
class Found:
    """A file of the folder, the name of the kind that reads it, and why it cannot be read."""

    path: str
    kind: str
    stamp: Stamp
    problem: str | None = None


_NO_STAMP = Stamp(0, 0, 0)


def scan(root: Path, kinds: Iterable[ContentKind]) -> dict[str, Found]:
    """Every content file and picture below `root`, by its path from there, sorted.

    What cannot be read is found as an obstacle, so that nothing behind it passes for removed.
    """
    walk = _Walk(str(root), tuple(kinds))
    found = {file.path: file for file in sorted(walk.below("", 0), key=lambda file: file.path)}
    if not any(file.kind != OBSTACLE_KIND for file in found.values()):
        found["."] = Found(".", OBSTACLE_KIND, _NO_STAMP, "holds no content file at all")
    return found


@dataclass(frozen=True)
class Changes:
    """What a sync has to look at: files touched, files to read again anyway, files gone."""

    touched: frozenset[str]
    stale: frozenset[str]
    gone: frozenset[str]

    def __contains__(self, path: str) -> bool:
        return path in self.touched or path in self.stale

    def __len__(self) -> int:
        return len(self.touched | self.stale)


def compare(
    found: Mapping[str, Found],
    recorded: Mapping[str, ContentFile],
    reader: str,
    refused: frozenset[str] = frozenset(),
) -> Changes:
    """What changed since the record was made; `refused` are files to be told that they are.

    Stale is a file read by another version of the code, one that needs a touched
    file, and a broken one once anything else changed: that may have mended it.
    Nothing is gone that may be behind an obstacle.
    """
    obstacles = [file.path for file in found.values() if file.kind == OBSTACLE_KIND]
    touched = frozenset(
        path for path, file in found.items() if _is_touched(file, recorded.get(path))
    )
    gone = frozenset(
        path
        for path in recorded.keys() - found.keys()
        if not any(_is_behind(path, obstacle) for obstacle in obstacles)
    )
    moved = touched | gone
    stale = frozenset(
        path
        for path, row in recorded.items()
        if path in found
        and (_is_stale(row, moved, reader) or (path in refused and not row.problem))
    )
    return Changes(touched, stale, gone)


def _is_stale(row: ContentFile, moved: frozenset[str], reader: str) -> bool:
    if row.kind in (PICTURE_KIND, OBSTACLE_KIND):
        return False
    if row.reader != reader or not moved.isdisjoint(row.needs or ()):
        return True
    return bool(row.problem and moved)


def _is_touched(file: Found, row: ContentFile | None) -> bool:
    return row is None or file.stamp != Stamp(row.size, row.mtime_ns, row.inode)


def _is_behind(path: str, obstacle: str) -> bool:
    return obstacle == "." or path.startswith(f"{obstacle}/")


class _Walk:
    """A walk through the folder; hidden files are passed over."""

    def __init__(self, root: str, kinds: tuple[ContentKind, ...]) -> None:
        self.root = root
        self.kinds = kinds

    def below(self, folder: str, depth: int) -> Iterator[Found]:
        """What is in a folder and in those below it."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                listed = list(entries)
        except OSError as problem:
            if not folder:
                raise
            yield _obstacle(folder, f"cannot be opened ({problem.strerror})")
            return
        for entry in listed:
            if entry.name.startswith(".") or entry.name.endswith("~"):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            yield from self._entry(entry, path, depth)

    def _entry(self, entry: os.DirEntry[str], path: str, depth: int) -> Iterator[Found]:
        is_folder = os.path.isdir(entry.path)
        kind = _kind_of(path, self.kinds)
        if not is_folder and kind is None:
            return
        if not path.isprintable():
            yield _obstacle(path, "has a name that cannot be shown; use letters and hyphens")
        elif len(path) > LONGEST_PATH or depth > DEEPEST:
            yield _obstacle(path[:LONGEST_PATH], "lies too deep in folders")
        elif is_folder and entry.is_symlink():
            yield _obstacle(path, "is a link to a folder; only links to files are followed")
        elif is_folder:
            yield from self.below(path, depth + 1)
        elif kind is not None:
            yield from _file(entry, path, kind)


def _file(entry: os.DirEntry[str], path: str, kind: str) -> Iterator[Found]:
    try:
        facts = entry.stat()
    except OSError:
        if entry.is_symlink():
            yield Found(path, kind, _NO_STAMP, "is a link that leads nowhere")
        return
    if not stat.S_ISREG(facts.st_mode):
        yield Found(path, kind, _NO_STAMP, "is no ordinary file")
        return
    yield Found(path, kind, Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ino))


def _obstacle(path: str, problem: str) -> Found:
    printable = "".join(char if char.isprintable() else "?" for char in path)
    return Found(printable, OBSTACLE_KIND, _NO_STAMP, problem)


def _kind_of(path: str, kinds: tuple[ContentKind, ...]) -> str | None:
    for kind in kinds:
        if kind.pattern.fullmatch(path):
            return kind.name
    return PICTURE_KIND if path.lower().endswith(PICTURES) else None
