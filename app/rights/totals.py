"""How often each right was used, month by month: sums without a row for anybody."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.database import db, is_sqlite, transaction
from app.core.registry import Tally

from .models import MonthTotal
from .wishes import Wish

_TOLD = {Wish.EXPORT: "exports", Wish.ERASE: "erasures"}


def add_one(wish: Wish) -> None:
    """Count that something was done this month; joins the transaction at hand."""
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(MonthTotal)
    one = insert.values(month=this_month(), wish=wish, count=1)
    with transaction() as session:
        session.execute(
            one.on_conflict_do_update(
                index_elements=["month", "wish"], set_={"count": MonthTotal.count + 1}
            )
        )


def totals() -> Iterator[tuple[date, Wish, int]]:
    """Every sum there is, oldest month first."""
    query = sa.select(MonthTotal.month, MonthTotal.wish, MonthTotal.count)
    for row in db.session.execute(query.order_by(MonthTotal.month, MonthTotal.wish)):
        yield row.month, row.wish, row[2]


def tallies() -> Iterator[Tally]:
    """What the transparency report tells of them: the exports and the erasures."""
    for month, wish, count in totals():
        if wish in _TOLD:
            yield Tally(what=_TOLD[wish], month=month, count=count)


def this_month() -> date:
    """The first day of the month."""
    return clock.now().date().replace(day=1)
