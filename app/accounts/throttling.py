"""How fast a door may be tried, without locking out the one who lives there.

Each try is counted before it is judged, so that many at once cannot outrun the count, and
a right one clears it. Guesses from anywhere share a daily allowance; a browser that
was here before has a count of its own, which strangers cannot fill.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.database import db, is_sqlite, transaction
from app.core.errors import TooMany
from app.core.privacy import signing_key

from .entries import Throttle

FREE_TRIES = 5
LONGEST_PAUSE = timedelta(minutes=15)
DAY = timedelta(days=1)
TRIES_OF_STRANGERS = 100


@dataclass(frozen=True)
class Door:
    """One way in, as one kind of visitor meets it: how many tries are free, and then?"""

    key: bytes
    free: int = FREE_TRIES
    #: After the free tries: pauses that double, or shut until a day after the first try.
    is_shut_after: bool = False

    def pause_after(self, failures: int) -> timedelta:
        """How long to wait after so many tries in vain."""
        if failures < self.free:
            return timedelta(0)
        if self.is_shut_after:
            return DAY
        doublings = min(failures - self.free, 20)
        return min(timedelta(seconds=2**doublings), LONGEST_PAUSE)


def doors_of(account: str, *, neighbourhood: str, device: int | None) -> tuple[Door, ...]:
    """The doors of an account for one visitor; `account` may be a name that nobody has."""
    if device is not None:
        return (_door("device", account, str(device)),)
    strangers = Door(_key("strangers", account), TRIES_OF_STRANGERS, is_shut_after=True)
    return (_door("neighbourhood", account, neighbourhood), strangers)


def mail_door(address: str) -> Door:
    """The mails that somebody may cause to be sent to one address: five, then ever fewer."""
    return _door("mail", address)


def factor_door(user_id: int) -> Door:
    """The second factor of an account. One count for all browsers: none of them is known yet."""
    return _door("factor", str(user_id))


def try_doors(doors: Iterable[Door]) -> None:
    """Count one try at each door. Raises `TooMany`, and counts none, while one is shut."""
    doors = tuple(doors)
    at = clock.now()
    keys = [door.key for door in doors]
    # Looked at without the write lock first: a flood that is refused must not hold it.
    _refuse_if_shut(db.session.scalars(sa.select(Throttle).where(Throttle.key.in_(keys))), at)
    with transaction() as session:
        for door in sorted(doors, key=lambda door: door.key):
            session.execute(_begin_count(door.key, at))
        rows = session.scalars(
            sa.select(Throttle)
            .where(Throttle.key.in_(keys))
            .order_by(Throttle.key)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        _refuse_if_shut(rows, at)
        for row in rows:
            _count(row, next(door for door in doors if door.key == row.key), at)


def clear_doors(doors: Iterable[Door]) -> None:
    """Forget the tries in vain: the right one came. Call inside a transaction."""
    db.session.execute(sa.delete(Throttle).where(Throttle.key.in_([door.key for door in doors])))


def _door(kind: str, *who: str) -> Door:
    return Door(_key(kind, *who))


def _key(kind: str, *who: str) -> bytes:
    message = "\n".join((kind, *who)).encode("utf-8", "replace")
    return hmac.digest(signing_key("throttle"), message, "sha256")


def _begin_count(key: bytes, at: datetime) -> sa.Insert:
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    fresh = {"key": key, "failures": 0, "opens_at": at, "forgotten_at": at + DAY}
    return insert(Throttle).values(**fresh).on_conflict_do_nothing(index_elements=["key"])


def _count(row: Throttle, door: Door, at: datetime) -> None:
    if row.forgotten_at <= at:
        row.failures = 0
        row.forgotten_at = at + DAY
    row.failures += 1
    pause = door.pause_after(row.failures)
    row.opens_at = row.forgotten_at if pause == DAY else at + pause


def _refuse_if_shut(rows: Iterable[Throttle], at: datetime) -> None:
    waits = [row.opens_at - at for row in rows if at < min(row.opens_at, row.forgotten_at)]
    if waits:
        raise TooMany(
            "This account was tried too often with a wrong password or code.",
            advice="Wait, or have a link mailed to you and sign in with that.",
            retry_after=int(max(waits).total_seconds()) + 1,
        )
