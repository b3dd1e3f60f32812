"""How often something may be done from one place, counted in the database.

Counters know no addresses: their key is a keyed hash of day, name and network, so that
yesterday's cannot be linked with today's, nor any with a person, without the site's key.
The narrow network (/32, /64) is what a limit refuses. The wide one (/24, /48), with five
times as much, may be a school or an office, so it only ever makes suspicious.
"""

import hmac
import ipaddress
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, g
from limits import RateLimitItem, parse
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, db, is_sqlite, rows_from_json, transaction
from app.core.errors import TooMany
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


_TABLE: Any = LimitCounter.__table__
_AT = sa.bindparam("at", type_=UtcDateTime())
# A window that ends further off than it is long was begun by another clock: then the count
# of its key is that of a window that is over, and whoever counts next begins a new one.
_WINDOWS = sa.select(_TABLE.c.key, _TABLE.c.count, _TABLE.c.seconds, _TABLE.c.expires_at).where(
    _TABLE.c.key.in_(sa.bindparam("keys", expanding=True)), _TABLE.c.expires_at > _AT
)


def set_rates(name: str, rates: Iterable[str]) -> None:
    """State the rates of a name, such as `2/minute`.

    Raises `ValueError` for what is no rate, and for a second opinion on the same name.
    """
    items = tuple(parse(rate) for rate in rates)
    if RATES.setdefault(name, items) != items:
        raise ValueError(f"the limit {name!r} is stated in two ways")


@dataclass(frozen=True)
class Place:
    """The counters of a name for an address, and for its neighbourhood."""

    own: dict[str, RateLimitItem]
    wide: dict[str, RateLimitItem]


def place_of(name: str, address: str) -> Place:
    """Where what is done from an address under a name is counted today."""
    return Place(
        _keys(name, name, network(address)), _keys(name, f"{name} nearby", network(address, WIDE))
    )


def seconds_to_wait(name: str, address: str) -> int:
    """How long until somebody at an address may do it again; 0 for now. Only reads."""
    return _wait(_keys(name, name, network(address)))


def count(name: str, address: str, amount: int = 1) -> None:
    """Count once for an address and once for its neighbourhood; -1 takes one back."""
    _count(place_of(name, address), amount)


def take(name: str, address: str) -> bool:
    """Count what is done in the transaction at hand; whether the neighbourhood does it too often.

    Raises `TooMany` when others from the same address were quicker. Two at once from one
    neighbourhood come one after the other from here on.
    """
    place = place_of(name, address)
    counts = _count(place)
    g.limit_taken = name
    is_over = any(counts[key] > item.amount for key, item in place.own.items())
    if is_over and current_app.config["LIMITED"]:
        raise TooMany(retry_after=_wait(place.own))
    return any(counts[key] > item.amount * WIDE_FACTOR for key, item in place.wide.items())


def is_taken(name: str) -> bool:
    """Whether this request was counted by `take`."""
    return g.get("limit_taken") == name


def network(address: str, prefixes: dict[int, int] = NARROW) -> str:
    """The network an address is in; one word for all that are no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, prefixes[found.version]), strict=False))


def forget_old_counters() -> None:
    """Delete counters whose window is over."""
    with transaction() as session:
        session.execute(sa.delete(LimitCounter).where(LimitCounter.expires_at <= clock.now()))


@cache
def _counting(*, for_sqlite: bool) -> Any:
    given = rows_from_json(_TABLE, ("key", "count", "seconds", "expires_at"), for_sqlite=for_sqlite)
    insert: Any = (sqlite.insert if for_sqlite else postgresql.insert)(_TABLE)
    statement = insert.from_select(list(given), sa.select(*given.values()).where(sa.true()))
    fresh, now = statement.excluded, _TABLE.c
    is_over = sa.or_(now.expires_at <= _AT, now.expires_at > fresh.expires_at)
    later = now.count + sa.bindparam("amount", type_=sa.Integer())
    return statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": sa.case((is_over, fresh.count), else_=later),
            "expires_at": sa.case((is_over, fresh.expires_at), else_=now.expires_at),
        },
    ).returning(now.key, now.count)


def _count(place: Place, amount: int = 1) -> dict[str, int]:
    """The counts by their keys, which others who count them wait for until the transaction ends."""
    at = clock.now()
    rows = [
        {
            "key": key,
            "count": max(amount, 0),
            "seconds": item.get_expiry(),
            "expires_at": _moment(at + timedelta(seconds=item.get_expiry())),
        }
        # In one order for everybody, so that no two wait for each other.
        for key, item in sorted((place.own | place.wide).items())
    ]
    values = {"rows": json.dumps(rows), "at": at, "amount": amount}
    with transaction() as session:
        found = session.execute(_counting(for_sqlite=is_sqlite()), values)
        return {row.key: row[1] for row in found}


def _wait(items: dict[str, RateLimitItem]) -> int:
    at = clock.now()
    found = _windows(items, at)
    ends = [row.expires_at for row in found if row.count >= items[row.key].amount]
    return max(1, math.ceil((max(ends) - at).total_seconds())) if ends else 0


def _windows(items: dict[str, RateLimitItem], at: datetime) -> list[Any]:
    """The windows at work of some keys."""
    found = db.session.execute(_WINDOWS, {"keys": list(items), "at": at})
    return [row for row in found if row.expires_at - at <= timedelta(seconds=row.seconds)]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}" if is_sqlite() else at.isoformat()


def _keys(name: str, kind: str, subject: str) -> dict[str, RateLimitItem]:
    """The rates of a name by their keys for a subject: pseudonyms for one day.

    Without the site's key they are none.
    """
    today = clock.now().astimezone(UTC).date()
    message = f"{today}\n{kind}\n{subject}".encode()
    key = hmac.digest(signing_key("limits"), message, "sha256").hex()
    return {item.key_for(key): item for item in RATES[name]}
