"""Which machine holds which keys: told by each every day, so that a forgotten copy is noticed."""

import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction

from .columns import not_personal
from .keyfile import key_path, read_ring
from .ring import Ring, id_of, is_root, month_id, name_of

#: A machine that was not heard of for so long is not one of the site's any more.
GONE_AFTER = timedelta(days=7)


class KeyHolder(Model):
    """A machine, and what tells the keys in its file from any others."""

    __tablename__ = "key_holders"

    machine: Mapped[str] = not_personal("name of a machine", sa.String(80), unique=True)
    #: The name of each key, and half of its check value; the key cannot be made from it.
    keys: Mapped[Any] = not_personal("derived from random keys", sa.JSON)
    current: Mapped[str] = not_personal("name of the key that seals", sa.String(8))
    told_at: Mapped[datetime] = not_personal("when the machine last told", UtcDateTime)


@dataclass(frozen=True)
class Disagreement:
    """A machine whose key file is not the one that is here, and in what it differs."""

    machine: str
    sentence: str


def tell_keys() -> None:
    """Write down which keys this machine holds, and forget machines that are gone."""
    keys, now = read_ring(key_path()), clock.now()
    with transaction() as session:
        name = this_machine()
        told = session.scalar(sa.select(KeyHolder).where(KeyHolder.machine == name))
        if told is None:
            told = KeyHolder(machine=name)
            session.add(told)
        told.keys, told.current, told.told_at = _marks(keys), name_of(keys.current), now
        session.execute(sa.delete(KeyHolder).where(KeyHolder.told_at < now - GONE_AFTER))


def disagreements() -> list[Disagreement]:
    """Every other machine that was heard of lately and holds other keys than this one."""
    here = read_ring(key_path())
    heard = sa.select(KeyHolder).where(
        KeyHolder.told_at >= clock.now() - GONE_AFTER, KeyHolder.machine != this_machine()
    )
    rows = db.session.scalars(heard.order_by(KeyHolder.machine))
    return [Disagreement(row.machine, reason) for row in rows if (reason := _reason(here, row))]


def this_machine() -> str:
    """The name of this machine."""
    return socket.gethostname()[:80]


def _reason(here: Ring, there: KeyHolder) -> str | None:
    """The first difference; months that are over may be destroyed there and not yet here."""
    ours, theirs = _lasting(_marks(here)), _lasting(there.keys)
    if other := sorted(name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]):
        return f"has another key {other[0]}"
    if missing := sorted(ours.keys() - theirs.keys()):
        return f"lacks the key {missing[0]}"
    if further := sorted(theirs.keys() - ours.keys()):
        return f"has the key {further[0]}, which is not here"
    if there.current != name_of(here.current):
        return f"seals under {there.current}, and this machine under {name_of(here.current)}"
    return None


def _marks(keys: Ring) -> dict[str, str]:
    return {name: value[:8].hex() for name, value in keys.checks()}


def _lasting(marks: dict[str, str]) -> dict[str, str]:
    today = month_id(clock.now())
    return {
        name: mark for name, mark in marks.items() if is_root(id_of(name)) or id_of(name) >= today
    }
