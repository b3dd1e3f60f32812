"""Changing the root keys: made, put to work, taken out; and beginning anew after a loss."""

from pathlib import Path

import sqlalchemy as sa

from app.core import clock
from app.core.database import transaction

from .audit import AuditLink, lock_chain, record
from .heads import put_heads_aside
from .keyfile import check_place, key_path, one_at_a_time, read_ring, write_ring
from .keys import forget_keys, known_keys, prepare_keys, remember_keys
from .ring import Loss, Ring, id_of, name_of
from .rotation import give_up, uses_of


class KeysRefused(Exception):
    """The keys stay as they are; the text is one sentence that says why."""


def make_keys() -> Path:
    """Make the key file of a site that has none. Raises `KeysRefused` when there is one."""
    made = prepare_keys()
    if made is None:
        raise KeysRefused(f"The key file {key_path()} is there already, and the right one.")
    return made


def make_keys_after_loss() -> dict[str, int]:
    """Begin anew without what the lost keys had sealed; how many values of each column are gone.

    Raises `KeysRefused` while the right key file is there, or a file in its place.
    """
    file = key_path()
    check_place(file)
    if file.exists():
        raise KeysRefused(f"There is a file {file}; move it away first, it may be the right one.")
    with one_at_a_time(file), transaction() as session:
        if not known_keys(session):
            raise KeysRefused("Nothing is lost: this database has no keys yet.")
        lock_chain(session)
        query = sa.select(AuditLink.id, AuditLink.mac).order_by(AuditLink.id.desc()).limit(1)
        last = session.execute(query).first()
        keys = Ring.new(clock.now().date(), Loss(last.id, last.mac) if last else None)
        forget_keys(session)
        remember_keys(session, keys)
        gone = give_up(session)
        # The record of it is sealed with the new key, so the file comes first.
        write_ring(file, keys)
        record("keys.lost", session, facts={"values": sum(gone.values())})
        # Nothing can tell any more whether they are ours.
        put_heads_aside("before-loss")
    return gone


def add_root() -> str:
    """Make one more root, which opens and does not seal yet; its name."""
    file = key_path()
    with one_at_a_time(file), transaction() as session:
        keys, key_id = read_ring(file).with_new_root()
        remember_keys(session, keys)
        record("keys.added", session, facts={"key": name_of(key_id)})
        write_ring(file, keys)
    return name_of(key_id)


def promote_root(name: str) -> None:
    """Seal under this root from now on. Raises `KeysRefused` for one that is not here."""
    file = key_path()
    with one_at_a_time(file), transaction() as session:
        keys = read_ring(file)
        key_id = _known(keys, name)
        record("keys.promoted", session, facts={"key": name})
        write_ring(file, keys.promoted(key_id))


def retire_root(name: str) -> None:
    """Destroy a root that nothing needs any more. Raises `KeysRefused` for any other."""
    file = key_path()
    with one_at_a_time(file), transaction() as session:
        keys = read_ring(file)
        key_id = _known(keys, name)
        if key_id == keys.current:
            raise KeysRefused(f"{name} is the key at work; promote another one first.")
        if uses := uses_of(key_id, keys):
            told = ", ".join(f"{column} ({number})" for column, number in uses.items())
            raise KeysRefused(f"{name} is still needed by {told}; run `flask keys reseal`.")
        forget_keys(session, name)
        record("keys.retired", session, facts={"key": name})
        write_ring(file, keys.retiring(key_id))


def _known(keys: Ring, name: str) -> int:
    try:
        key_id = id_of(name)
    except ValueError:
        key_id = 0
    if key_id not in keys.roots:
        known = ", ".join(name_of(known) for known in keys.roots)
        raise KeysRefused(f"There is no key {name}; there are: {known}.")
    return key_id
