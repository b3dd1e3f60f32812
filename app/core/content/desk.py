"""Where one changed file is read: checked, taken apart, and turned into what it describes."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

from .documents import read_document
from .folder import Found
from .front import ContentProblem
from .kinds import ContentKind
from .workshop import Workshop

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """Where a run reads and writes, and what besides the files decides how they are read."""

    content: Path
    media: Path
    zone: ZoneInfo
    reader: str


@dataclass(frozen=True)
class Prepared:
    """A file that was read: the thing it describes, or why it describes none."""

    kind: ContentKind | None
    found: Found
    digest: str = ""
    thing: Any = None
    needs: tuple[str, ...] = ()
    problem: ContentProblem | None = None
    is_same: bool = False


@dataclass(frozen=True)
class Desk:
    """Reads files without the database, so that several can be read at once.

    `digests` are those of the files whose content is applied already; `refused` says of
    some files why they cannot be used whatever is in them.
    """

    places: Places
    digests: Mapping[str, str]
    refused: Mapping[str, str]

    def prepare(
        self, workshops: "SimpleQueue[Workshop]", kind: ContentKind | None, file: Found
    ) -> Prepared:
        """A file, read. Whatever is wrong with it becomes its problem, and only its own."""
        workshop = workshops.get()
        workshop.used.clear()
        try:
            prepared = self._prepared(workshop, kind, file)
            return replace(prepared, needs=tuple(sorted(workshop.used)))
        except ContentProblem as problem:
            return Prepared(kind, file, needs=tuple(sorted(workshop.used)), problem=problem)
        except OSError as problem:
            # Removed or locked between the look at the folder and the reading.
            # Recorded without its time, so that the next sync tries again.
            again = replace(file, stamp=replace(file.stamp, mtime_ns=0))
            reason = f"cannot be read ({problem.strerror or problem})"
            return Prepared(kind, again, problem=ContentProblem(reason))
        except Exception as fault:  # A fault of ours with one file is not the others' fault.
            log.exception("content file not read", extra={"file": file.path})
            reason = f"makes the reader fail ({type(fault).__name__})"
            return Prepared(kind, file, problem=ContentProblem(reason))
        finally:
            workshops.put(workshop)

    def _prepared(self, workshop: Workshop, kind: ContentKind | None, file: Found) -> Prepared:
        reason = file.problem or self.refused.get(file.path)
        if reason:
            raise ContentProblem(reason)
        if kind is None:
            return Prepared(kind, file)
        document = read_document(self.places.content, file.path)
        if self.digests.get(file.path) == document.digest:
            # Only touched: its content is what is already applied.
            return Prepared(kind, file, document.digest, is_same=True)
        return Prepared(kind, file, document.digest, kind.prepare(document, workshop))
