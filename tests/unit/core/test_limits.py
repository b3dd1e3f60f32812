"""Limits refuse the one who is too fast, keep their text, and know nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import limits
from app.core.database import db, transaction
from app.core.errors import TooMany
from app.core.limits import LimitCounter
from app.core.web import limit, public
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def clock_at() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def limited(make_app: Any) -> Flask:
    app: Flask = make_app(LIMITED=True)
    strict = limit("test.strict", "2/minute", "5/hour")
    kind = limit("test.kind", "2/minute", forgives=True)
    app.add_url_rule("/strict", "strict", public(strict(lambda: "done")), methods=["GET", "POST"])
    app.add_url_rule("/kind", "kind", kind(public(_shown_again)), methods=["POST"])
    return app


def _shown_again() -> Any:
    from flask import redirect, request

    return redirect("/", 303) if "good" in request.args else ("look again", 422)


def send(app: Flask, path: str = "/strict", address: str = "203.0.113.9") -> Answer:
    return ask(app, path, "POST", REMOTE_ADDR=address, **OURS)


def counters(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(LimitCounter)) or 0


def test_the_third_in_a_minute_is_refused_with_the_time_to_wait(
    limited: Flask, clock_at: Any
) -> None:
    assert [send(limited).status for _ in range(3)] == [200, 200, 429]
    clock_at.shift(20)
    refused = send(limited)
    assert refused.headers["Retry-After"] == "40"
    assert "40 seconds" in refused.text
    clock_at.shift(40)
    assert send(limited).status == 200


def test_the_longest_wait_is_told(limited: Flask, clock_at: Any) -> None:
    for _ in range(5):
        assert send(limited).status == 200
        clock_at.shift(60)
    refused = send(limited)
    assert refused.headers["Retry-After"] == "3300"
    assert "55 minutes" in refused.text


def test_the_refused_one_waits_no_longer_for_trying_again(limited: Flask, clock_at: Any) -> None:
    for _ in range(20):
        send(limited)
    assert send(limited).headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unknown", "", True),
    ],
)
def test_one_place_is_one_address_or_one_line(
    limited: Flask, clock_at: Any, one: str, other: str, is_shared: bool
) -> None:
    assert [send(limited, address=one).status for _ in range(2)] == [200, 200]
    assert send(limited, address=other).status == (429 if is_shared else 200)


def test_a_neighbourhood_makes_suspicious_and_is_never_refused(
    limited: Flask, clock_at: Any
) -> None:
    with limited.app_context():
        for number in range(9):
            assert send(limited, address=f"203.0.113.{number}").status == 200
        assert not limits.take("test.strict", "203.0.113.77")
        assert limits.take("test.strict", "203.0.113.78")
        assert not limits.take("test.strict", "198.51.100.1")
    assert send(limited, address="203.0.113.79").status == 200


def test_a_form_that_comes_back_is_forgiven_and_one_that_is_done_is_not(
    limited: Flask, clock_at: Any
) -> None:
    assert [send(limited, "/kind").status for _ in range(8)] == [422] * 8
    assert [send(limited, "/kind?good=1").status for _ in range(3)] == [303, 303, 429]


def test_reading_counts_nothing(limited: Flask, clock_at: Any) -> None:
    for _ in range(5):
        assert ask(limited, "/strict").status == 200
    assert counters(limited) == 0


def test_a_refusal_writes_nothing(limited: Flask, statements: list[str], clock_at: Any) -> None:
    send(limited), send(limited)
    with limited.app_context():
        before = db.session.execute(sa.select(LimitCounter.key, LimitCounter.count)).all()
    assert send(limited).status == 429
    with limited.app_context():
        assert db.session.execute(sa.select(LimitCounter.key, LimitCounter.count)).all() == before


def test_the_table_knows_no_address_and_the_next_day_no_yesterday(
    limited: Flask, clock_at: Any
) -> None:
    send(limited)
    with limited.app_context():
        first = set(db.session.scalars(sa.select(LimitCounter.key)))
    assert not [key for key in first if "203.0" in key]
    clock_at.shift(timedelta(days=1))
    send(limited)
    with limited.app_context():
        assert not first & set(
            db.session.scalars(
                sa.select(LimitCounter.key).where(
                    LimitCounter.expires_at > NOON + timedelta(days=1)
                )
            )
        )


def test_old_counters_go(limited: Flask, clock_at: Any) -> None:
    send(limited)
    assert counters(limited) == 4
    clock_at.shift(61)
    with limited.app_context():
        limits.forget_old_counters()
    assert counters(limited) == 2
    clock_at.shift(3600)
    with limited.app_context():
        limits.forget_old_counters()
    assert counters(limited) == 0


def test_a_clock_that_was_set_back_shuts_nobody_out(limited: Flask, clock_at: Any) -> None:
    send(limited), send(limited)
    clock_at.shift(-timedelta(hours=2))
    assert [send(limited).status for _ in range(3)] == [200, 200, 429]


def test_what_is_counted_with_what_is_done_goes_with_it(limited: Flask, clock_at: Any) -> None:
    def give_up() -> None:
        with transaction():
            limits.take("test.strict", "203.0.113.9")
            raise LookupError

    with limited.test_request_context():
        with pytest.raises(LookupError):
            give_up()
        assert limits.seconds_to_wait("test.strict", "203.0.113.9") == 0
        for _ in range(2):
            limits.take("test.strict", "203.0.113.9")
        assert limits.seconds_to_wait("test.strict", "203.0.113.9") == 60
        with pytest.raises(TooMany):
            limits.take("test.strict", "203.0.113.9")


def test_two_opinions_on_one_limit_stop_the_start() -> None:
    limit("test.opinion", "1/minute")
    limit("test.opinion", "1/minute")
    with pytest.raises(ValueError, match="two ways"):
        limit("test.opinion", "2/minute")
    with pytest.raises(ValueError, match="couldn't parse"):
        limit("test.no-rate", "often")
