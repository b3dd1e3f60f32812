"""Erasing one person: by declaration, by what features say beyond that, and then looked over.

What is erased is found by the links beside the columns. Erasers from the cards do what no
declaration can say, such as an empty place in a thread; whatever they leave, the declarations
erase. It is done again until nothing linked is found any more.
"""

import enum
import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Model, transaction
from app.core.registry import registry

from ..audit import record
from ..belonging import ACCOUNTS
from .keeping import Kept, always_kept, kept_by_declaration
from .ledger import put_entry
from .people import Person
from .reaching import Place, Reached, empty, reach
from .scrubbing import scrub

log = logging.getLogger(__name__)

#: Somebody may write while they are erased; nobody writes so often.
MOST_PASSES = 10


class Scope(enum.StrEnum):
    """How much of a person goes."""

    #: Their address and name; what they said in public stays, signed by nobody.
    ADDRESS = "address"
    #: What they said, their account, and all the rest.
    EVERYTHING = "everything"


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What went, what stays and why, and until when backups may still hold what went."""

    scope: Scope
    at: datetime
    backups_until: datetime
    #: How many rows of each table were deleted or emptied.
    removed: Mapping[str, int]
    kept: tuple[Kept, ...]

    @property
    def is_anything(self) -> bool:
        """Whether there was anything to erase."""
        return bool(self.removed)


@dataclass(kw_only=True)
class Erasure:
    """One erasure on its way, as erasers of the cards see it; all in one transaction."""

    session: Session
    at: datetime
    scope: Scope
    person: Person
    #: Set for what was erased before and is erased again, in a restored database.
    is_repeated: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    reached: Reached = field(default_factory=Reached)
    kept: list[Kept] = field(default_factory=list)
    settled: set[Place] = field(default_factory=set)
    same: set[Place] = field(default_factory=set)

    @property
    def is_everything(self) -> bool:
        """Whether what they said goes too."""
        return self.scope is Scope.EVERYTHING

    def ids(self, table: str) -> list[int]:
        """The rows of a table that are wholly theirs, and that no eraser has settled yet."""
        return [key for key in self.reached.whole(table) if (table, key) not in self.settled]

    def settle(self, table: str, keys: Iterable[int], *, is_changed: bool = True) -> None:
        """These rows are done, or stay as they are: no declaration touches them any more."""
        places = {(table, key) for key in keys}
        self.settled.update(places)
        if not is_changed:
            self.same.update(places)

    def keep(self, what: str, why: str, until: datetime | str, *, number: int = 1) -> None:
        """Something stays: why, and until when."""
        self.kept.append(Kept(what=what, why=why, until=until, number=number))


def erase(person: Person, scope: Scope) -> Erased:
    """Erase a person here and now; doing it again changes nothing.

    Raises the refusal of a card that cannot let go, such as that of the only owner; then
    nothing was erased. What they write meanwhile is erased too, or came later.
    """
    with transaction() as session:
        at = clock.now()
        facts = _remembered(session, person, scope)
        erasure = Erasure(session=session, at=at, scope=scope, person=person)
        erased = run(erasure)
        if erased.is_anything:
            entry = put_entry(session, scope.value, facts, at=at)
            rows = sum(erased.removed.values())
            told = {"scope": scope.value, "rows": rows, "entry": entry.uid.hex}
            record("erasure", session, facts=told)
    if erased.is_anything:
        try:
            scrub()
        except SQLAlchemyError:
            # They are erased, and must hear so; the job of each minute does the rest.
            log.warning("erased bytes wait for the job", exc_info=True)
    return erased


def run(erasure: Erasure, *, before: datetime | None = None) -> Erased:
    """Erase within a transaction; with `before`, only what had come by then."""
    session, is_everything = erasure.session, erasure.is_everything
    whose = erasure.person if is_everything else erasure.person.by_mail_only()
    removed: set[Place] = set()
    for turn in range(MOST_PASSES):
        reached = reach(session, whose, before=before, is_everything=is_everything)
        if turn == 0:
            erasure.kept += kept_by_declaration(session, reached)
        erasure.reached = reached.without(erasure.settled)
        if not erasure.reached.is_anything:
            break
        removed |= erasure.reached.places()
        for eraser in registry().every("erasers"):
            eraser(erasure)
        session.flush()
        empty(session, erasure.reached.without(erasure.settled), is_everything=is_everything)
        session.expire_all()
    else:
        raise RuntimeError(f"something linked is left in {sorted(erasure.reached.tables())}")
    until = erasure.at + timedelta(days=current_app.config["KEEP_BACKUPS_DAYS"])
    counted = Counter(table for table, _key in removed - erasure.same)
    return Erased(
        scope=erasure.scope,
        at=erasure.at,
        backups_until=until,
        removed=dict(counted),
        kept=(*erasure.kept, *(always_kept(until) if counted else ())),
    )


def _remembered(session: Session, person: Person, scope: Scope) -> dict[str, Any]:
    """What finds a person again in a restored database: hashes, and the name of their account."""
    facts: dict[str, Any] = {
        "hashes": {seal: [each.hex() for each in found] for seal, found in person.hashes.items()}
    }
    if person.account_id and scope is Scope.EVERYTHING:
        accounts = Model.metadata.tables[ACCOUNTS]
        uid: uuid.UUID | None = session.scalar(
            sa.select(accounts.c.uid).where(accounts.c.id == person.account_id)
        )
        if uid is not None:
            facts["account"] = uid.hex
    return facts
