"""What is in the content folder, and what has changed since the last sync.

A file whose size, time and inode are as recorded is taken as unchanged without
being opened; ten thousand files are compared in a fraction of a second.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .kinds import ContentKind
from .models import ContentFile

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
PICTURE_KIND = "picture"


@dataclass(frozen=True)
class Stamp:
    """What the file system says of a file without opening it."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True)
class Found:
    """A file of the folder, and the name of the kind that reads it."""

    path: str
    kind: str
    stamp: Stamp


def scan(root: Path, kinds: Iterable[ContentKind]) -> dict[str, Found]:
    """Every content file and picture below `root`, by its path from there, sorted."""
    known = tuple(kinds)
    found: dict[str, Found] = {}
    for path, stamp in sorted(_walk(str(root), "")):
        kind = _kind_of(path, known)
        if kind is not None:
            found[path] = Found(path, kind, stamp)
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


def compare(found: dict[str, Found], recorded: dict[str, ContentFile], reader: str) -> Changes:
    """What changed since the record was made.

    Stale is a file read by another version of the code, one that needs a touched
    file, and a broken one once anything else changed: that may have mended it.
    """
    touched = frozenset(
        path for path, file in found.items() if _is_touched(file, recorded.get(path))
    )
    gone = frozenset(recorded.keys() - found.keys())
    moved = touched | gone
    stale = frozenset(
        path for path, row in recorded.items() if path in found and _is_stale(row, moved, reader)
    )
    return Changes(touched, stale, gone)


def _is_stale(row: ContentFile, moved: frozenset[str], reader: str) -> bool:
    if row.kind == PICTURE_KIND:
        return False
    if row.reader != reader or not moved.isdisjoint(row.needs or ()):
        return True
    return bool(row.problem and moved)


def _is_touched(file: Found, row: ContentFile | None) -> bool:
    return row is None or file.stamp != Stamp(row.size, row.mtime_ns, row.inode)


def _walk(root: str, below: str) -> Iterator[tuple[str, Stamp]]:
    """Files below a folder; hidden ones and links to folders are passed over."""
    with os.scandir(os.path.join(root, below)) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith("~"):
                continue
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, path)
            elif entry.is_file():
                facts = entry.stat()
                yield path, Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ino)


def _kind_of(path: str, kinds: tuple[ContentKind, ...]) -> str | None:
    for kind in kinds:
        if kind.pattern.fullmatch(path):
            return kind.name
    return PICTURE_KIND if path.lower().endswith(PICTURES) else None
