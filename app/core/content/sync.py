"""Bringing the database in line with the content folder."""

import fcntl
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from blinker import signal
from flask import current_app
from sqlalchemy.orm import Session

from app.core import images, markup
from app.core.database import db, transaction
from app.core.registry import registry

from .documents import ContentProblem, read_document
from .folder import PICTURE_KIND, Changes, Found, compare, scan
from .generation import bump_generation, is_settled, mark_settled
from .kinds import ContentKind
from .models import ContentFile
from .workshop import Renderer, Workshop

#: Sent after a sync that changed anything.
content_synced = signal("content-synced")

BATCH = 100
VERSION = 1

# On the table, not the class: the ORM's bulk insert costs more than the rest of a record.
_NEW_FILE = sa.insert(ContentFile.__table__)  # type: ignore[arg-type]  # it is a Table

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What a sync did: counts, and the files that cannot be used with the reason."""

    read: int = 0
    removed: int = 0
    problems: list[ContentFile] = field(default_factory=list)


@dataclass(frozen=True)
class _Prepared:
    found: Found
    digest: str = ""
    thing: Any = None
    problem: ContentProblem | None = None
    is_same: bool = False


def sync(progress: Progress | None = None) -> Report:
    """Apply every change of the content folder; safe to interrupt and to repeat.

    Only one sync runs at a time on a machine; a second one waits for the first.
    `progress` is called with how many files are done and how many there are.
    """
    with _one_at_a_time(current_app.config["INSTANCE"]):
        return _sync(progress or (lambda done, total: None))


def problems() -> list[ContentFile]:
    """The files that cannot be used, by path."""
    rows = sa.select(ContentFile).where(ContentFile.problem.is_not(None)).order_by(ContentFile.path)
    return list(db.session.scalars(rows))


def _sync(progress: Progress) -> Report:
    kinds = tuple(registry().every("content_kinds"))
    zone = _site_zone()
    run = _Run(kinds, current_app.config["CONTENT"], zone, _reader(zone))
    report = Report(read=run.apply_changes(progress), removed=run.remove_gone())
    run.settle()
    report.problems = problems()
    if run.touched_kinds:
        content_synced.send(current_app._get_current_object())  # type: ignore[attr-defined]
    if _site_zone() != zone:
        # The site's settings were among the changes, and every date hangs on its time zone.
        return _sync(progress)
    return report


def _reader(zone: ZoneInfo) -> str:
    """Changes whenever the same file would now be read into something else."""
    return f"{VERSION}.{markup.VERSION}.{images.VERSION} {zone.key}"


def _site_zone() -> ZoneInfo:
    return ZoneInfo(registry().parts("content_parts")["site"]().timezone)


class _Run:
    """One pass over the folder."""

    def __init__(
        self, kinds: tuple[ContentKind, ...], root: Path, zone: ZoneInfo, reader: str
    ) -> None:
        self.kinds = kinds
        self.root = root
        self.zone = zone
        self.reader = reader
        self.found = scan(root, kinds)
        self.recorded = {row.path: row for row in db.session.scalars(sa.select(ContentFile))}
        db.session.expunge_all()
        self.changes: Changes = compare(self.found, self.recorded, reader)
        self.touched_kinds: set[str] = set()

    def apply_changes(self, progress: Progress) -> int:
        """Read and apply what changed, kind by kind; how many files that were."""
        done = 0
        if not self.changes:
            return done
        with (
            _workshops(self.root, self.zone) as workshops,
            ThreadPoolExecutor(_processors()) as pool,
        ):
            reading: deque[tuple[ContentKind | None, list[Future[_Prepared]]]] = deque()
            for kind, batch in self._batches():
                prepare = partial(self._prepare, workshops, kind)
                reading.append((kind, [pool.submit(prepare, file) for file in batch]))
                # The next batch is read while this process writes the one before.
                if len(reading) > 1:
                    done += self._apply(*reading.popleft())
                    progress(done, len(self.changes))
            for waiting in reading:
                done += self._apply(*waiting)
            progress(done, len(self.changes))
        return done

    def remove_gone(self) -> int:
        """Take back the things of files that are gone; how many files that were."""
        by_name = {kind.name: kind for kind in self.kinds}
        for batch in _portions(sorted(self.changes.gone)):
            with transaction() as session:
                bump_generation(session)
                for path in batch:
                    kind = by_name.get(self.recorded[path].kind)
                    if kind:
                        kind.remove(session, path)
                        self.touched_kinds.add(kind.name)
                session.execute(sa.delete(ContentFile).where(ContentFile.path.in_(batch)))
        return len(self.changes.gone)

    def settle(self) -> None:
        """Let every kind put its whole in order after a change, by us or by the clock."""
        with transaction() as session:
            if not is_settled(session) or any(kind.is_due(session) for kind in self.kinds):
                for kind in self.kinds:
                    kind.settle(session)
                mark_settled(session)

    def _batches(self) -> Iterator[tuple[ContentKind | None, list[Found]]]:
        """What changed, in the order of the kinds, in portions for one transaction each."""
        for kind in (*self.kinds, None):
            name = kind.name if kind else PICTURE_KIND
            files = [
                file
                for path, file in self.found.items()
                if file.kind == name and path in self.changes
            ]
            for batch in _portions(files):
                yield kind, batch

    def _prepare(
        self, workshops: "SimpleQueue[Workshop]", kind: ContentKind | None, file: Found
    ) -> _Prepared:
        workshop = workshops.get()
        try:
            return self._prepare_one(workshop, kind, file)
        finally:
            workshops.put(workshop)

    def _prepare_one(self, workshop: Workshop, kind: ContentKind | None, file: Found) -> _Prepared:
        if kind is None:
            return _Prepared(file)
        digest = ""
        try:
            document = read_document(workshop.content, file.path)
            digest = document.digest
            if self._is_same(file.path, digest):
                return _Prepared(file, digest, is_same=True)
            return _Prepared(file, digest, thing=kind.prepare(document, workshop))
        except ContentProblem as problem:
            return _Prepared(file, digest, problem=problem)
        except OSError as problem:
            # Removed or locked between the look at the folder and the reading.
            # Recorded without its time, so that the next sync tries again.
            again = replace(file, stamp=replace(file.stamp, mtime_ns=0))
            return _Prepared(again, digest, problem=ContentProblem(f"cannot be read ({problem})"))

    def _is_same(self, path: str, digest: str) -> bool:
        """Whether the file was only touched: its content is what is already applied."""
        known = self.recorded.get(path)
        return path not in self.changes.stale and known is not None and known.digest == digest

    def _apply(self, kind: ContentKind | None, waiting: list[Future[_Prepared]]) -> int:
        """Write a batch in one transaction; a thing that is refused takes back only itself."""
        batch = [future.result() for future in waiting]
        with transaction() as session:
            if any(not entry.is_same for entry in batch):
                bump_generation(session)
            for entry in batch:
                self._record(session, entry, self._apply_one(session, kind, entry))
        return len(batch)

    def _apply_one(
        self, session: Session, kind: ContentKind | None, entry: _Prepared
    ) -> ContentProblem | None:
        if kind is None or entry.problem or entry.is_same:
            return entry.problem
        self.touched_kinds.add(kind.name)
        try:
            with session.begin_nested():
                kind.apply(session, entry.found.path, entry.thing, self.changes.gone)
        except ContentProblem as refused:
            return refused
        return None

    def _record(self, session: Session, entry: _Prepared, problem: ContentProblem | None) -> None:
        stamp, known = entry.found.stamp, self.recorded.get(entry.found.path)
        values: dict[str, Any] = {
            "size": stamp.size,
            "mtime_ns": stamp.mtime_ns,
            "inode": stamp.inode,
        }
        if not entry.is_same:
            values |= {
                "path": entry.found.path,
                "kind": entry.found.kind,
                "digest": entry.digest,
                "reader": self.reader,
                "needs": list(getattr(entry.thing, "needs", ())),
                "problem": problem.reason if problem else None,
                "problem_line": problem.line if problem else None,
            }
        if problem:
            log.warning("content file not used", extra=_where(entry.found.path, problem))
        if known is None:
            session.execute(_NEW_FILE, values)
            return
        session.execute(sa.update(ContentFile).where(ContentFile.id == known.id), values)


def _where(path: str, problem: ContentProblem) -> dict[str, Any]:
    return {"file": path, "line": problem.line, "reason": problem.reason}


def _portions(entries: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


@contextmanager
def _workshops(root: Path, zone: ZoneInfo) -> Iterator["SimpleQueue[Workshop]"]:
    media = current_app.config["INSTANCE"] / "media"
    renderers = [Renderer() for _ in range(_processors())]
    ready: SimpleQueue[Workshop] = SimpleQueue()
    for renderer in renderers:
        ready.put(Workshop(root, media, zone, renderer))
    try:
        yield ready
    finally:
        for renderer in renderers:
            renderer.close()


def _processors() -> int:
    return min(os.cpu_count() or 1, 8)


@contextmanager
def _one_at_a_time(instance: Path) -> Iterator[None]:
    with (instance / "sync.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
