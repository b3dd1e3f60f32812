"""An account that nobody signs in to is closed, after its person was told and stayed away."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts import User
from app.accounts.closing import close_account
from app.accounts.models import Acceptance
from app.accounts.unused import forget_promises, warn_unused
from app.core import clock
from app.core.database import db, transaction
from app.core.mail import send_due
from app.core.privacy import sweep
from tests.mailbox import Mailbox
from tests.people import accept_agreement, make_member, member

pytestmark = pytest.mark.database

MONTH, KEPT = timedelta(days=30), timedelta(days=730)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        make_member("otto", owner=True)
        make_member("bo", "bo@example.org")
        yield
        db.session.remove()


@pytest.fixture
def began() -> datetime:
    return clock.now()


def see(username: str) -> None:
    """Sign in now, as far as the account can tell."""
    with transaction() as session:
        session.execute(
            sa.update(User).where(User.username == username).values(last_seen_at=clock.now())
        )


def is_open(number: int) -> bool:
    db.session.rollback()
    return bool(db.session.get_one(User, number).is_open)


def test_its_person_is_told_a_month_ahead_and_once(began: datetime, outbox: Mailbox) -> None:
    with time_machine.travel(began + KEPT - MONTH - timedelta(days=1)):
        assert warn_unused() == 0
    with time_machine.travel(began + KEPT - MONTH):
        assert (warn_unused(), warn_unused()) == (1, 0)
        send_due()
    letters = outbox.to("bo@example.org")
    assert len(letters) == 1
    assert "will be closed" in letters[0]["Subject"]


def test_it_is_closed_at_the_end_and_what_was_sealed_is_gone(began: datetime) -> None:
    number = member("bo").id
    with time_machine.travel(began + KEPT - MONTH):
        warn_unused()
    with time_machine.travel(began + KEPT - timedelta(hours=1)):
        sweep()
        assert is_open(number)
    with time_machine.travel(began + KEPT + timedelta(hours=1)):
        sweep()
        assert not is_open(number)
        assert db.session.get_one(User, number).email is None


def test_nobody_is_closed_whose_person_was_not_told_a_month_before(began: datetime) -> None:
    number = member("bo").id
    with time_machine.travel(began + 2 * KEPT):
        sweep()
        assert is_open(number)
        warn_unused()
    with time_machine.travel(began + 2 * KEPT + MONTH - timedelta(hours=1)):
        sweep()
        assert is_open(number)
    with time_machine.travel(began + 2 * KEPT + MONTH + timedelta(hours=1)):
        sweep()
        assert not is_open(number)


def test_signing_in_stops_it_and_the_time_begins_anew(began: datetime) -> None:
    number = member("bo").id
    with time_machine.travel(began + KEPT - MONTH):
        warn_unused()
    with time_machine.travel(began + KEPT - timedelta(days=1)):
        see("bo")
    with time_machine.travel(began + KEPT + timedelta(days=1)):
        sweep()
        assert is_open(number)
    with time_machine.travel(began + 2 * KEPT - MONTH):
        assert warn_unused() == 1


def test_the_last_owner_stays_for_good(began: datetime) -> None:
    with time_machine.travel(began + 2 * KEPT):
        warn_unused()
    with time_machine.travel(began + 3 * KEPT):
        sweep()
    assert is_open(member("otto").id)


def test_a_promise_goes_with_the_last_look_of_whoever_left(began: datetime) -> None:
    make_member("mira")
    accept_agreement("mira")
    number = member("mira").id
    assert forget_promises() == 0
    close_account(number, forgets_name=False)
    assert db.session.get_one(User, number).username == "mira"
    assert forget_promises() == 1
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Acceptance.id))) == 0
    assert db.session.get_one(User, number).username == f"closed-{number}"
