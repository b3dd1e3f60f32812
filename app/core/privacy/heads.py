"""Heads of the audit chain, kept outside the database: what a cut tail is noticed by.

A head says how many entries there were and how the last was sealed, with a signature.
Whoever keeps a copy can hold this site to it.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from app.core import clock
from app.core.database import db

from .audit import AuditLink
from .keys import ring
from .ring import id_of, name_of

log = logging.getLogger(__name__)

FOLDER = "audit-heads"
_PROBLEM = "problem"


@dataclass(frozen=True)
class Head:
    """How far the chain had come at a moment."""

    count: int
    mac: str
    at: str
    key: str
    public: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The very bytes that the signature is over."""
        return _signed(self.count, self.mac, self.at, self.key)

    @property
    def moment(self) -> datetime:
        """When it was taken."""
        return datetime.fromisoformat(self.at)


class BadHead(Exception):
    """A file that holds no head of this site; the text is a sentence."""


def take_head() -> Head | None:
    """Sign the present end of the chain; `None` when it is empty."""
    query = sa.select(AuditLink.id, AuditLink.mac, AuditLink.key_id)
    last = db.session.execute(query.order_by(AuditLink.id.desc()).limit(1)).first()
    if last is None:
        return None
    signer = _signer(ring().current)
    at = clock.now().isoformat(timespec="seconds")
    key = name_of(ring().current)
    public = signer.public_key().public_bytes_raw().hex()
    signed = _signed(last.id, last.mac.hex(), at, key)
    return Head(last.id, last.mac.hex(), at, key, public, signer.sign(signed).hex())


def export_head() -> Path | None:
    """Write the present head into a file of its own; `None` when the chain is empty."""
    head = take_head()
    if head is None:
        return None
    folder = heads_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = clock.now().strftime("%Y-%m-%dT%H%M%SZ")
    file = folder / f"{moment}-{head.count}.json"
    unfinished = file.with_suffix(".part")
    with unfinished.open("w") as out:
        out.write(json.dumps(asdict(head), indent=1) + "\n")
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)
    return file


def read_head(file: Path) -> Head:
    """The head of a file. Raises `BadHead` when it is none, or not signed by this site."""
    try:
        head = Head(**json.loads(file.read_text("utf-8")))
        signed = _signed(head.count, head.mac, head.at, head.key)
        _signer(id_of(head.key)).public_key().verify(bytes.fromhex(head.signature), signed)
    except (OSError, UnicodeDecodeError):
        raise BadHead(f"{file} cannot be read.") from None
    except (InvalidSignature, KeyError):
        raise BadHead(f"{file} was not signed by this site.") from None
    except (ValueError, TypeError, AttributeError):
        raise BadHead(f"{file} holds no head of an audit chain.") from None
    return head


def kept_heads() -> list[Path]:
    """The files of heads on this machine, oldest first."""
    return sorted(heads_folder().glob("*.json"))


def put_heads_aside(why: str, *, after: int = 0) -> None:
    """Move the heads of later entries into a folder; their names tell, so it takes no key."""
    aside = heads_folder() / why
    for file in kept_heads():
        number = file.stem.rpartition("-")[2]
        if not number.isdecimal() or int(number) > after:
            aside.mkdir(mode=0o700, exist_ok=True)
            file.replace(aside / file.name)


def chain_problem() -> str | None:
    """What the last check of the chain found on this machine, for administrators to see."""
    try:
        return _problem_file().read_text("utf-8") or None
    except OSError:
        return None


def note_problem(sentence: str | None) -> None:
    """Note what a check of the chain found; nothing, where it is whole."""
    file = _problem_file()
    if sentence is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(sentence, "utf-8")


def heads_folder() -> Path:
    """Where heads are kept."""
    return current_app.config["INSTANCE"] / FOLDER


def _problem_file() -> Path:
    return heads_folder() / _PROBLEM


def _signer(key_id: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring().head_key(key_id))


def _signed(count: int, mac: str, at: str, key: str) -> bytes:
    return json.dumps(["clientflow/1/head", count, mac, at, key]).encode()
