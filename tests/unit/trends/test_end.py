"""Days whose time is over become totals of years, and so do the visitors of those days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.consent.models import VisitorDay
from app.consent.visits import count_visitor
from app.core.database import db, transaction
from app.trends.ending import end_days, first_kept, turn_months
from app.trends.models import Dimension, TrendDay, TrendYear
from tests.factories import count_month
from tests.unit.trends.conftest import POST, Readers

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD = {Dimension.TOTAL: {"": 600}, Dimension.PAGE: {POST: 600}, Dimension.SOURCE: {"rare.ex": 3}}


@pytest.fixture(autouse=True)
def now(readers: Readers) -> Iterator[None]:
    """In the app's context; nothing was counted yet."""
    with readers.app.app_context(), time_machine.travel(NOW, tick=False):
        with transaction() as session:
            session.execute(sa.delete(VisitorDay))
        yield
        db.session.remove()


def years() -> dict[tuple[int, str, str], int]:
    return {
        (row.year, row.dimension.value, row.value): row.count
        for row in db.session.scalars(sa.select(TrendYear))
    }


def test_twenty_five_months_are_kept_day_by_day() -> None:
    assert first_kept() == date(2024, 10, 1)


def test_older_days_become_totals_of_their_year_without_what_was_rare() -> None:
    for month in (date(2024, 8, 1), date(2024, 9, 1), date(2024, 10, 1)):
        count_month(month, OLD)
    for day in (date(2024, 9, 30), date(2024, 10, 1)):
        count_visitor(None, day)
    turn_months()
    assert years() == {
        (2024, "total", ""): 1_200,
        (2024, "page", POST): 1_200,
        (2024, "source", "other"): 6,
        (2024, "visitor", "new"): 1,
    }
    assert db.session.scalar(sa.select(sa.func.min(TrendDay.day))) == date(2024, 10, 1)
    assert db.session.scalars(sa.select(VisitorDay.day)).all() == [date(2024, 10, 1)]


def test_ending_days_again_changes_nothing() -> None:
    count_month(date(2024, 9, 1), OLD)
    assert end_days() > 0
    before = years()
    assert end_days() == 0
    assert years() == before


def test_the_period_is_a_setting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "KEEP_TRENDS_MONTHS", 1)
    count_month(date(2026, 9, 1), OLD)
    count_month(date(2026, 10, 1), OLD)
    turn_months()
    assert db.session.scalar(sa.select(sa.func.min(TrendDay.day))) == date(2026, 10, 1)
