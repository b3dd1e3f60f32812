"""Writing what files describe to the database, and keeping the record of it."""

import logging
from collections.abc import Iterable
from concurrent.futures import Future

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import transaction

from .desk import Prepared
from .front import ContentProblem
from .generation import bump_generation
from .records import Record, read_again, record

log = logging.getLogger(__name__)


class Ledger:
    """What one run writes; `reader` is the version of the code, `gone` the files that are."""

    def __init__(self, reader: str, gone: frozenset[str]) -> None:
        self.reader = reader
        self.gone = gone
        #: Whether files have to be read once more, because of what others said.
        self.is_unfinished = False
        #: Things that were refused while applying, perhaps because another had yet to make room.
        self._waiting: list[Prepared] = []
        self._problems: dict[str, ContentProblem] = {}
        self._again: list[str] = []

    def write(self, waiting: list[Future[Prepared]]) -> int:
        """Write a batch in one transaction; a thing that is refused takes back only itself."""
        batch = [future.result() for future in waiting]
        with transaction() as session:
            if any(not entry.is_same for entry in batch):
                bump_generation(session)
            things = [entry for entry in batch if entry.kind and entry.thing is not None]
            refused: dict[str, ContentProblem] = {}
            if not self._apply_all(session, things):
                for entry in things:
                    problem = self._apply_one(session, entry, self.gone)
                    if problem:
                        refused[entry.found.path] = problem
                        self._waiting.append(entry)
            self._record(session, batch, refused)
            self.read_again(session)
        return len(batch)

    def _apply_all(self, session: Session, things: list[Prepared]) -> bool:
        """Apply a whole batch at once, as most can be; when one is refused, nothing is done."""
        attempt = session.begin_nested()
        again = len(self._again)
        try:
            for entry in things:
                self._apply_thing(session, entry, self.gone)
            attempt.commit()
        except (ContentProblem, sa.exc.DataError, sa.exc.IntegrityError, UnicodeError):
            attempt.rollback()
            del self._again[again:]
            return False
        return True

    def write_waiting(self) -> None:
        """Try once more what was refused: files may have changed addresses with one another."""
        progress = True
        while self._waiting and progress:
            progress = False
            with transaction() as session:
                bump_generation(session)
                for entry in list(self._waiting):
                    if self._apply_one(session, entry, self.gone) is None:
                        self._record(session, [entry], {})
                        self._waiting.remove(entry)
                        progress = True
                self.read_again(session)
        if len(self._waiting) > 1:
            self._apply_together()
        for path, problem in self._problems.items():
            where = {"file": path, "line": problem.line, "reason": problem.reason}
            log.warning("content file not used", extra=where)

    def read_again(self, session: Session, paths: Iterable[str] = ()) -> None:
        """Have these files read once more, and those that applied things named.

        Last in a transaction: what is recorded after it would pass for read.
        """
        self._again += paths
        if self._again and read_again(session, self._again):
            self.is_unfinished = True
        self._again.clear()

    def _apply_together(self) -> None:
        """Each believes that the others make room; either all of them do, or nothing is done."""
        movable = self.gone | {entry.found.path for entry in self._waiting}
        with transaction() as session:
            attempt = session.begin_nested()
            if any(self._apply_one(session, entry, movable) for entry in self._waiting):
                attempt.rollback()
                return
            self._record(session, self._waiting, {})
            self._waiting.clear()
            self.read_again(session)

    def _apply_one(
        self, session: Session, entry: Prepared, gone: frozenset[str]
    ) -> ContentProblem | None:
        path = entry.found.path
        try:
            with session.begin_nested():
                self._apply_thing(session, entry, gone)
        except ContentProblem as refused:
            return refused
        except (sa.exc.DataError, sa.exc.IntegrityError, UnicodeError) as fault:
            log.exception("content file not stored", extra={"file": path})
            return ContentProblem(f"cannot be stored ({type(fault).__name__})")
        return None

    def _apply_thing(self, session: Session, entry: Prepared, gone: frozenset[str]) -> None:
        if entry.kind:
            self._again += entry.kind.apply(session, entry.found.path, entry.thing, gone) or ()

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
                    self.reader,
                    entry.needs,
                    problem,
                    is_same=entry.is_same,
                )
            )
        record(session, facts)
