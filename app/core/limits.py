"""How often something may be done from one place, counted in the database.

Counters know no addresses: their key is a keyed hash of day, name and network, so that
yesterday's cannot be linked with today's, nor any with a person, without the site's key.
The narrow network (/32, /64) is what a limit refuses. The wide one (/24, /48), with five
times as much, may be a school or an office, so it only ever makes suspicious.
"""

import hmac
import ipaddress
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, db, is_sqlite, transaction
from app.core.privacy import not_personal, signing_key

WIDE_FACTOR = 5
NARROW = {4: 32, 6: 64}
WIDE = {4: 24, 6: 48}

#: The rates of every name, as the labels of views state them.
RATES: dict[str, tuple[RateLimitItem, ...]] = {}


class LimitCounter(Model):
    """How often something was done from one network in the window that ends at `expires_at`."""

    __tablename__ = "limit_counters"

    key: Mapped[str] = not_personal(
        "keyed hash of a day and a network, which ends with the day", sa.String(200), unique=True
    )
    count: Mapped[int] = not_personal("a number")
    seconds: Mapped[int] = not_personal("length of the window")
    expires_at: Mapped[datetime] = not_personal("end of the window", UtcDateTime, index=True)


_COUNTERS: Any = LimitCounter.__table__


class CounterTable(Storage):
    """The table of counters, in the form in which the library of limits wants a store."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a store that is away raises."""
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, in a new window if the last one is over; the count of the window."""
        with transaction():
            self.add({key: expiry}, amount)
            return self.get(key)

    def add(self, windows: Mapping[str, int], amount: int = 1) -> None:
        """The same for several keys, each with the seconds of its window."""
        at = clock.now()
        insert = sqlite.insert if is_sqlite() else postgresql.insert
        statement: Any = insert(_COUNTERS)
        fresh, now = statement.excluded, _COUNTERS.c
        # A window that ends further off than it is long was begun by another clock.
        is_over = sa.or_(now.expires_at <= at, now.expires_at > fresh.expires_at)
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": sa.case((is_over, fresh.count), else_=now.count + amount),
                "expires_at": sa.case((is_over, fresh.expires_at), else_=now.expires_at),
            },
        )
        rows = [
            {
                "key": key,
                "count": max(amount, 0),
                "seconds": seconds,
                "expires_at": at + timedelta(seconds=seconds),
            }
            # In one order for everybody, so that no two wait for each other.
            for key, seconds in sorted(windows.items())
        ]
        with transaction() as session:
            session.execute(statement, rows)

    def get(self, key: str) -> int:
        """The count of the window at work."""
        row = self._row(key)
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window at work ends, in seconds of the epoch."""
        row = self._row(key)
        return (row.expires_at if row else clock.now()).timestamp()

    def check(self) -> bool:
        """Whether the table answers."""
        db.session.execute(sa.select(LimitCounter.id).limit(1))
        return True

    def reset(self) -> int:
        """Forget every count."""
        with transaction() as session:
            return session.execute(sa.delete(LimitCounter)).rowcount  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        """Forget one count."""
        with transaction() as session:
            session.execute(sa.delete(LimitCounter).where(LimitCounter.key == key))

    def _row(self, key: str) -> Any:
        columns = (LimitCounter.count, LimitCounter.seconds, LimitCounter.expires_at)
        row = db.session.execute(sa.select(*columns).where(LimitCounter.key == key)).first()
        if row is None:
            return None
        # A window that ends further off than it is long was begun by another clock.
        left = row.expires_at - clock.now()
        return row if timedelta(0) < left <= timedelta(seconds=row.seconds) else None


_counters = CounterTable()
_limiter = FixedWindowRateLimiter(_counters)


def set_rates(name: str, rates: Iterable[str]) -> None:
    """State the rates of a name, such as `2/minute`.

    Raises `ValueError` for what is no rate, and for a second opinion on the same name.
    """
    items = tuple(parse(rate) for rate in rates)
    if RATES.setdefault(name, items) != items:
        raise ValueError(f"the limit {name!r} is stated in two ways")


def seconds_to_wait(name: str, subject: str) -> int:
    """How long until a subject may do it again; 0 for now. Only reads."""
    key = _key(name, subject)
    ends = [
        _limiter.get_window_stats(item, key).reset_time
        for item in RATES[name]
        if not _limiter.test(item, key)
    ]
    return max(1, math.ceil(max(ends) - clock.now().timestamp())) if ends else 0


def count(name: str, address: str, amount: int = 1) -> None:
    """Count once for an address and once for its neighbourhood; -1 takes one back."""
    keys = (_key(name, network(address)), _wide_key(name, address))
    _counters.add(
        {item.key_for(key): item.get_expiry() for key in keys for item in RATES[name]}, amount
    )


def wide_limit_reached(name: str, address: str) -> bool:
    """Whether the neighbourhood of an address does it oftener than is usual. Only reads."""
    key = _wide_key(name, address)
    return any(_counters.get(item.key_for(key)) > item.amount * WIDE_FACTOR for item in RATES[name])


def network(address: str, prefixes: dict[int, int] = NARROW) -> str:
    """The network an address is in; one word for all that are no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{found}/{prefixes[found.version]}", strict=False))


def forget_old_counters() -> None:
    """Delete counters whose window is over."""
    with transaction() as session:
        session.execute(sa.delete(LimitCounter).where(LimitCounter.expires_at <= clock.now()))


def _wide_key(name: str, address: str) -> str:
    return _key(f"{name} nearby", network(address, WIDE))


def _key(name: str, subject: str) -> str:
    """A pseudonym for one day, which without the site's key is none."""
    today = clock.now().astimezone(UTC).date()
    message = f"{today}\n{name}\n{subject}".encode()
    return hmac.digest(signing_key("limits"), message, "sha256").hex()
