"""The ledger of erasures: what a restored backup must not bring back.

It holds keyed hashes and random names, no value of anybody. A restore replaces the database,
so each entry is also a sealed file beside it. Both are forgotten with the last backup that is
older than they are.
"""

import hmac
import json
import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, RoutedSession, UtcDateTime, db

from ..belonging import of_nobody
from ..columns import NOBODY, not_personal, personal, uid_column
from ..keys import signing_key, signing_keys

log = logging.getLogger(__name__)

FOLDER = "erasures"
USE = "erasures"
_WAITING = "erasures"


class ErasureEntry(Model):
    """One erasure: when, how far, and the hashes and names of what it was about."""

    __tablename__ = "erasures"
    __belongs__ = of_nobody("keyed hashes of those who are gone; nobody is found by them here")

    uid: Mapped[uuid.UUID] = uid_column()
    at: Mapped[datetime] = not_personal("when something was erased", UtcDateTime, index=True)
    until: Mapped[datetime] = not_personal("end of the last backup that is older", UtcDateTime)
    scope: Mapped[str] = not_personal("a word of the program", sa.String(20))
    #: {"hashes": {seal: [...]}, "account": uid} of a person, or {"rows": {table: [uid, ...]}}.
    facts: Mapped[Any] = personal(
        "row",
        why="a restored backup does not bring back what was erased",
        opens_for=NOBODY,
        keep="KEEP_BACKUPS_DAYS",
        subject="whoever had something erased",
        interest="erasures that last",
        source="recorded",
        clock="at",
        on_expiry="delete_row",
        on_erasure="keep",
        kept_why="a restored backup does not bring back what was erased",
        type_=sa.JSON,
    )
    #: When no byte of it was left in the database's files.
    scrubbed_at: Mapped[datetime | None] = not_personal("when the bytes went", UtcDateTime)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An erasure as its file tells it."""

    uid: uuid.UUID
    at: datetime
    until: datetime
    scope: str
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """What its file is called: when it was, and not whom it was about."""
        return f"{self.at:%Y-%m-%dT%H%M%SZ}-{self.uid.hex}.json"

    def to_json(self) -> str:
        """The text of the file, sealed so that nobody can invent or change an erasure."""
        told = asdict(self) | {
            "uid": self.uid.hex,
            "at": self.at.isoformat(),
            "until": self.until.isoformat(),
        }
        return json.dumps({"entry": told, "mac": _mac(signing_key(USE), told)}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Entry":
        """The entry of a file's text. Raises `ValueError` when this site did not write it."""
        try:
            read = json.loads(text)
            told, mac = read["entry"], read["mac"]
            if not any(hmac.compare_digest(_mac(key, told), mac) for key in signing_keys(USE)):
                raise ValueError("not written by this site")
            return cls(
                uid=uuid.UUID(told["uid"]),
                at=datetime.fromisoformat(told["at"]),
                until=datetime.fromisoformat(told["until"]),
                scope=told["scope"],
                facts=told["facts"],
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError("no erasure") from problem


def note_erasure(session: Session, *rows: Any, **facts: Any) -> None:
    """Put on the ledger that rows were erased, as a part of the transaction that does it.

    They are named by their `uid`; `facts` are words and flags that repeating it needs.
    """
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.__tablename__, []).append(row.uid.hex)
    if names:
        put_entry(session, "rows", {"rows": names, **facts})


def put_entry(
    session: Session, scope: str, facts: Mapping[str, Any], *, at: datetime | None = None
) -> Entry:
    """Put an erasure on the ledger; its file is written when the transaction has held."""
    at = at or clock.now()
    entry = Entry(uid=uuid.uuid4(), at=at, until=at + _kept(), scope=scope, facts=facts)
    keep_entry(session, entry)
    return entry


def keep_entry(session: Session, entry: Entry) -> None:
    """Write an entry into the database, unless it is there."""
    known = session.scalar(sa.select(ErasureEntry.id).where(ErasureEntry.uid == entry.uid))
    if known is None:
        values = {name: getattr(entry, name) for name in ("uid", "at", "until", "scope")}
        session.add(ErasureEntry(**values, facts=dict(entry.facts)))
        session.info.setdefault(_WAITING, []).append(entry)


def tend_ledger() -> int:
    """Write the files that are missing on this machine, and drop those whose time is over.

    A file under a key that is being replaced is written anew. Answers how many were written.
    """
    at, folder, written = clock.now(), ledger_folder(), 0
    drop_over(folder)
    for entry in _entries_here():
        file = folder / entry.name
        # Bytes, as a damaged file need not be text.
        told = entry.to_json().encode()
        if entry.until >= at and (not file.exists() or file.read_bytes() != told):
            _write(entry)
            written += 1
    return written


def drop_over(folder: Path) -> None:
    """Delete the files of a folder whose time is over; those that cannot be read stay."""
    at = clock.now()
    for file in folder.glob("*.json"):
        if (known := _read(file)) is not None and known.until < at:
            file.unlink(missing_ok=True)


def every_entry() -> tuple[list[Entry], int]:
    """Every erasure that the files or the database know of, the oldest first; and how many
    files this site did not write."""
    read = [_read(file) for file in kept_files()]
    known = {entry.uid: entry for entry in (*_entries_here(), *(each for each in read if each))}
    return sorted(known.values(), key=lambda entry: (entry.at, entry.uid)), read.count(None)


def kept_files() -> list[Path]:
    """The files of erasures on this machine, oldest first."""
    return sorted(ledger_folder().glob("*.json"))


def ledger_folder() -> Path:
    """Where the files are."""
    folder: Path = current_app.config["INSTANCE"] / FOLDER
    return folder


def _entries_here() -> Iterator[Entry]:
    for row in db.session.scalars(sa.select(ErasureEntry).order_by(ErasureEntry.id)):
        yield Entry(uid=row.uid, at=row.at, until=row.until, scope=row.scope, facts=row.facts)


def _read(file: Path) -> Entry | None:
    try:
        return Entry.from_json(file.read_text("utf-8"))
    except (OSError, ValueError):
        log.error("a file of the ledger of erasures is not this site's", extra={"file": file.name})
        return None


def _write(entry: Entry) -> None:
    folder = ledger_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{entry.uid.hex}.part"
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(entry.to_json())
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(folder / entry.name)


def _mac(key: bytes, told: Mapping[str, Any]) -> str:
    message = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(key, message, "sha256").hex()


def _kept() -> timedelta:
    return timedelta(days=current_app.config["KEEP_BACKUPS_DAYS"])


@sa.event.listens_for(RoutedSession, "after_commit")
def _write_waiting(session: Any) -> None:
    """Bring the files up to date; what fails here is done by the job."""
    for entry in session.info.pop(_WAITING, ()):
        try:
            _write(entry)
        except OSError:
            log.exception("a file of the ledger of erasures cannot be written")


@sa.event.listens_for(RoutedSession, "after_rollback")
def _forget_waiting(session: Any) -> None:
    session.info.pop(_WAITING, None)
