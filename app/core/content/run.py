"""One pass over the content folder: read what changed, apply it, take back what is gone."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import db, transaction

from .claims import refused_claims
from .desk import Desk, Places, Prepared
from .folder import OBSTACLE_KIND, PICTURE_KIND, Found, compare, scan
from .front import ContentProblem
from .generation import bump_generation, is_settled, mark_settled
from .kinds import ContentKind
from .models import ContentFile
from .records import Record, forget, read_again, record
from .workshop import open_workshops

BATCH = 100

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class Run:
    """One pass over the folder."""

    def __init__(self, kinds: tuple[ContentKind, ...], places: Places) -> None:
        self.kinds = kinds
        self.places = places
        self.found = scan(places.content, kinds)
        self.recorded = {row.path: row for row in db.session.scalars(sa.select(ContentFile))}
        db.session.expunge_all()
        refused = refused_claims(kinds, self.found, self.recorded)
        self.changes = compare(self.found, self.recorded, places.reader, frozenset(refused))
        digests = {
            path: row.digest
            for path, row in self.recorded.items()
            if path not in self.changes.stale
        }
        self._desk = Desk(places, digests, refused)
        #: Whether files have to be read once more, because of what others said.
        self.is_unfinished = False
        #: Things that were refused while applying, perhaps because another had yet to make room.
        self._waiting: list[Prepared] = []
        self._problems: dict[str, ContentProblem] = {}

    def apply_changes(self, progress: Progress) -> int:
        """Read and apply what changed, kind by kind; how many files that were."""
        done = 0
        if not self.changes:
            return done
        number = min(os.cpu_count() or 1, 8)
        places = self.places
        with (
            open_workshops(number, places.content, places.media, places.zone) as workshops,
            ThreadPoolExecutor(number) as pool,
        ):
            reading: deque[list[Future[Prepared]]] = deque()
            for kind, batch in self._batches():
                prepare = partial(self._desk.prepare, workshops, kind)
                reading.append([pool.submit(prepare, file) for file in batch])
                # The next batch is read while this process writes the one before.
                if len(reading) > 1:
                    done += self._apply(reading.popleft())
                    progress(done, len(self.changes))
            for waiting in reading:
                done += self._apply(waiting)
            progress(done, len(self.changes))
        self._apply_waiting()
        for path, problem in self._problems.items():
            where = {"file": path, "line": problem.line, "reason": problem.reason}
            log.warning("content file not used", extra=where)
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
                        self._read_again(session, kind.remove(session, path))
                forget(session, batch)
        return len(self.changes.gone)

    def _batches(self) -> Iterator[tuple[ContentKind | None, list[Found]]]:
        """What changed, in the order of the kinds, in portions for one transaction each."""
        for kind in (*self.kinds, None):
            names = (kind.name,) if kind else (PICTURE_KIND, OBSTACLE_KIND)
            files = [
                file
                for path, file in self.found.items()
                if file.kind in names and path in self.changes
            ]
            for batch in _portions(files):
                yield kind, batch

    def _apply(self, waiting: list[Future[Prepared]]) -> int:
        """Write a batch in one transaction; a thing that is refused takes back only itself."""
        batch = [future.result() for future in waiting]
        with transaction() as session:
            if any(not entry.is_same for entry in batch):
                bump_generation(session)
            things = [entry for entry in batch if entry.kind and entry.thing is not None]
            refused: dict[str, ContentProblem] = {}
            if not self._apply_all(session, things):
                for entry in things:
                    problem = self._apply_one(session, entry, self.changes.gone)
                    if problem:
                        refused[entry.found.path] = problem
                        self._waiting.append(entry)
            self._record(session, batch, refused)
        return len(batch)

    def _apply_all(self, session: Session, things: list[Prepared]) -> bool:
        """Apply a whole batch at once, as most can be; when one is refused, nothing is done."""
        attempt = session.begin_nested()
        again: list[str] = []
        try:
            for entry in things:
                if entry.kind:
                    path = entry.found.path
                    again += entry.kind.apply(session, path, entry.thing, self.changes.gone) or ()
            attempt.commit()
        except (ContentProblem, sa.exc.DataError, sa.exc.IntegrityError, UnicodeError):
            attempt.rollback()
            return False
        self._read_again(session, again)
        return True

    def _apply_waiting(self) -> None:
        """Try once more what was refused: files may have changed addresses with one another."""
        progress = True
        while self._waiting and progress:
            progress = False
            with transaction() as session:
                bump_generation(session)
                for entry in list(self._waiting):
                    if self._apply_one(session, entry, self.changes.gone) is None:
                        self._record(session, [entry], {})
                        self._waiting.remove(entry)
                        progress = True
        if len(self._waiting) > 1:
            self._apply_together()

    def _apply_together(self) -> None:
        """Each believes that the others make room; either all of them do, or nothing is done."""
        movable = self.changes.gone | {entry.found.path for entry in self._waiting}
        with transaction() as session:
            attempt = session.begin_nested()
            if any(self._apply_one(session, entry, movable) for entry in self._waiting):
                attempt.rollback()
                return
            self._record(session, self._waiting, {})
            self._waiting.clear()

    def _apply_one(
        self, session: Session, entry: Prepared, gone: frozenset[str]
    ) -> ContentProblem | None:
        if entry.kind is None:
            return None
        path = entry.found.path
        try:
            with session.begin_nested():
                self._read_again(session, entry.kind.apply(session, path, entry.thing, gone))
        except ContentProblem as refused:
            return refused
        except (sa.exc.DataError, sa.exc.IntegrityError, UnicodeError) as fault:
            log.exception("content file not stored", extra={"file": path})
            return ContentProblem(f"cannot be stored ({type(fault).__name__})")
        return None

    def _read_again(self, session: Session, paths: Iterable[str] | None) -> None:
        if paths and read_again(session, paths):
            self.is_unfinished = True

    def _record(
        self, session: Session, batch: list[Prepared], refused: dict[str, ContentProblem]
    ) -> None:
        """Write down what became of each file: read, refused while reading, refused by others."""
        facts = []
        for entry in batch:
            path = entry.found.path
            problem = refused.get(path, entry.problem)
            self._problems.pop(path, None)
            if problem:
                self._problems[path] = problem
            facts.append(
                Record(
                    entry.found,
                    entry.digest,
                    self.places.reader,
                    entry.needs,
                    problem,
                    is_same=entry.is_same,
                )
            )
        record(session, facts)


def settle(kinds: tuple[ContentKind, ...]) -> bool:
    """Let every kind put its whole in order; whether content had changed, by us or before."""
    with transaction() as session:
        has_changed = not is_settled(session)
        if has_changed or any(kind.is_due(session) for kind in kinds):
            bump_generation(session)
            for kind in kinds:
                kind.settle(session)
    return has_changed


def finish() -> None:
    """Write down that nothing is left to do; a pass that was interrupted never says so."""
    with transaction() as session:
        if not is_settled(session):
            mark_settled(session)


def _portions(entries: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]
