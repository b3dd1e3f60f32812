"""Erasing again after a restore: an older database knows nothing of what was erased since."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import Model, transaction

from ..audit import record
from ..belonging import ACCOUNTS
from .erasing import Erasure, Scope, run
from .ledger import Entry, every_entry, keep_entry
from .people import Person
from .scrubbing import scrub


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How many erasures were gone through, how many rows of each table they erased again, and
    how many files of the ledger this site did not write."""

    entries: int
    removed: Mapping[str, int]
    unreadable: int

    @property
    def rows(self) -> int:
        """How many rows were erased again."""
        return sum(self.removed.values())


def replay_erasures() -> Replayed:
    """Do to the present database every erasure on the ledger; doing it again changes nothing.

    What came after an erasure is left alone: somebody may have come back.
    """
    found, unreadable = every_entry()
    removed: Counter[str] = Counter()
    for entry in found:
        with transaction() as session:
            removed.update(_repeat(session, entry))
            keep_entry(session, entry)
    if removed:
        record("erasure.repeat", facts={"entries": len(found), "rows": sum(removed.values())})
        scrub()
    return Replayed(entries=len(found), removed=dict(removed), unreadable=unreadable)


def _repeat(session: Session, entry: Entry) -> Mapping[str, int]:
    rows, before = entry.facts.get("rows"), None
    if rows:
        names = {table: tuple(uuid.UUID(uid) for uid in uids) for table, uids in rows.items()}
        person, scope = Person(rows=names), Scope.EVERYTHING
    else:
        person, scope, before = _person(session, entry.facts), Scope(entry.scope), entry.at
    erasure = Erasure(
        session=session,
        at=entry.at,
        scope=scope,
        person=person,
        is_repeated=True,
        facts=entry.facts,
    )
    return run(erasure, before=before).removed


def _person(session: Session, facts: Mapping[str, Any]) -> Person:
    hashes = {
        seal: tuple(bytes.fromhex(each) for each in found)
        for seal, found in facts.get("hashes", {}).items()
    }
    account = facts.get("account")
    if account is None:
        return Person(hashes=hashes)
    accounts = Model.metadata.tables[ACCOUNTS]
    number = sa.select(accounts.c.id).where(accounts.c.uid == uuid.UUID(account))
    return Person(hashes=hashes, account_id=session.scalar(number))
