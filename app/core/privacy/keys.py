"""The keys of the site at work: read when first needed, and again when their file changes."""

import hmac
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import current_app
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.config import ConfigError
from app.core.database import Model, is_sqlite, transaction
from app.core.errors import Unavailable

from .columns import not_personal
from .keyfile import check_place, key_path, read_ring, write_ring
from .ring import Ring, id_of, is_root, month_id, name_of

_LOCK = 0x6B657973  # a number of our own among PostgreSQL's advisory locks


class KeyCheck(Model):
    """A value that tells a key from any other, so that a wrong key file is noticed."""

    __tablename__ = "key_checks"

    name: Mapped[str] = not_personal("name of a key", sa.String(8), unique=True)
    value: Mapped[bytes] = not_personal("derived from a random key", sa.LargeBinary(16))


@dataclass(frozen=True)
class _Kept:
    """A ring, and the state of its file when it was read."""

    file: str
    stamp: tuple[int, int, int]
    ring: Ring


def ring() -> Ring:
    """The keys of this site.

    Raises `Unavailable` when there are none, and `ConfigError` for a file that
    cannot be used.
    """
    kept: _Kept | None = current_app.extensions.get("keys")
    # Asked many times in a request: no path is put together each time.
    file = kept.file if kept else str(key_path())
    try:
        facts = os.stat(file)
        stamp = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if kept is None or kept.stamp != stamp:
            kept = _Kept(file, stamp, read_ring(Path(file)))
            current_app.extensions["keys"] = kept
    except (OSError, ConfigError) as problem:
        if kept is not None:
            # What was read once is still right; the next start will say what is wrong.
            return kept.ring
        if isinstance(problem, ConfigError):
            raise
        raise Unavailable("The keys of this site are not here.") from None
    return kept.ring


def current_month() -> int:
    """The id of the key for today's addresses. Raises `Unavailable` when it is not here."""
    month = month_id(clock.now())
    if month not in ring().months:
        raise Unavailable("The keys of this site have run out.")
    return month


def can_seal() -> bool:
    """Whether the keys are here that this moment needs."""
    try:
        return current_month() in ring().months
    except (Unavailable, ConfigError):
        return False


def signing_key(use: str) -> bytes:
    """A key for signing what must come back unchanged, for one use only."""
    keys = ring()
    return keys.derive(keys.current, "link", use)


def signing_keys(use: str) -> list[bytes]:
    """Every key that a signature of that use may be from, the one at work first."""
    keys = ring()
    others = [key_id for key_id in keys.roots if key_id != keys.current]
    return [keys.derive(key_id, "link", use) for key_id in (keys.current, *others)]


def prepare_keys() -> Path | None:
    """Make the key file of a new site, or check the one there is; the path of one just made.

    Raises `ConfigError` when the file is lost, misplaced, readable by others, or not
    the one that this database was sealed with.
    """
    _check_library()
    file = key_path()
    check_place(file)
    made = None
    with transaction() as session:
        if not is_sqlite():
            # Another machine may be starting on the same empty database.
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        checks = known_keys(session)
        try:
            keys = read_ring(file)
        except FileNotFoundError:
            if checks:
                raise ConfigError(_lost(file)) from None
            keys = Ring.new(clock.now().date())
            write_ring(file, keys)
            made = file
        _compare(session, file, keys, checks)
    return made


def remember_keys(session: Session, keys: Ring) -> None:
    """Store the check values of keys the database does not know yet."""
    known = known_keys(session)
    session.add_all(
        KeyCheck(name=name, value=value) for name, value in keys.checks() if name not in known
    )


def forget_keys(session: Session, name: str | None = None) -> None:
    """Take one key, or all, out of the database's list."""
    session.execute(sa.delete(KeyCheck).where(KeyCheck.name == name if name else sa.true()))


def known_keys(session: Session) -> dict[str, bytes]:
    """The check values that the database has, by the name of their key."""
    rows = session.execute(sa.select(KeyCheck.name, KeyCheck.value))
    return {row.name: row.value for row in rows}


def _compare(session: Session, file: Path, keys: Ring, checks: dict[str, bytes]) -> None:
    for name, value in keys.checks():
        if name in checks and not hmac.compare_digest(checks[name], value):
            raise ConfigError(_other(file, name))
    # A month may be destroyed here and not yet elsewhere, and so may a retired root.
    done_with = {name_of(key_id) for key_id in keys.retired}
    here = done_with | {name for name, _value in keys.checks()}
    missing = sorted(name for name in checks if is_root(id_of(name)) and name not in here)
    if missing:
        raise ConfigError(_other(file, missing[0]))
    remember_keys(session, keys)


def _check_library() -> None:
    try:
        cipher = AESGCMSIV(bytes(32))
        is_right = cipher.decrypt(bytes(12), cipher.encrypt(bytes(12), b"x", b"y"), b"y") == b"x"
    except UnsupportedAlgorithm:
        is_right = False
    if not is_right:
        raise ConfigError(
            "The OpenSSL beneath Python's cryptography has no AES-GCM-SIV (3.2 or newer has); "
            "install the pinned package with `sh deploy/venv.sh requirements.txt`."
        )


def _lost(file: Path) -> str:
    return (
        f"The key file {file} is missing, and without it no email or address in the database can "
        "be read; put it back with mode 600, or give those up with `flask keys init --after-loss`."
    )


def _other(file: Path, name: str) -> str:
    return (
        f"The key file {file} is not the one this database was sealed with (key {name} differs or "
        "is missing); put the right one there with mode 600, or give up what it sealed with "
        "`flask keys init --after-loss`."
    )


def keep_addresses() -> timedelta:
    """How long after a month's end its addresses can still be read."""
    return timedelta(days=current_app.config["KEEP_COMMENT_IP_DAYS"])
