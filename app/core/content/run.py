"""One pass over the content folder: read what changed, apply it, take back what is gone."""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.core.database import db, transaction

from .claims import refused_claims
from .desk import Desk, Places, Prepared
from .folder import OBSTACLE_KIND, PICTURE_KIND, Found, compare, scan
from .generation import bump_generation, is_settled, mark_settled
from .kinds import ContentKind
from .ledger import Ledger
from .models import ContentFile
from .records import forget
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
        self._ledger = Ledger(places.reader, self.changes.gone)

    @property
    def is_unfinished(self) -> bool:
        """Whether files have to be read once more, because of what others said."""
        return self._ledger.is_unfinished

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
                    done += self._ledger.write(reading.popleft())
                    progress(done, len(self.changes))
            for waiting in reading:
                done += self._ledger.write(waiting)
            progress(done, len(self.changes))
        self._ledger.write_waiting()
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
                        self._ledger.read_again(session, kind.remove(session, path) or ())
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
