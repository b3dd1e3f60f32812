"""Who looks through a session, and what they may do."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts import Role, viewer_for
from app.accounts.sessions import begin_session, end_sessions, load_viewer
from app.core import clock
from app.core.database import transaction
from tests.people import PLACE, make_member, make_trusted

pytestmark = pytest.mark.database


@pytest.fixture
def blogs(app: Flask, read: Any) -> Any:
    read()
    with app.app_context():
        yield


def enter(username: str, **more: Any) -> str:
    user = make_member(username, **more)
    with transaction():
        return begin_session(user, PLACE).token


@pytest.mark.usefixtures("blogs")
def test_a_role_counts_on_its_own_blog_only() -> None:
    mira = viewer_for(make_member("mira", role=Role.ADMINISTRATOR, blog="garden"))
    (garden,) = mira.blogs("administer")
    assert mira.administers(garden)
    assert mira.moderates(garden)
    assert not mira.moderates(garden + 1)
    assert mira.has_right("moderate")
    assert not mira.has_right("own")


@pytest.mark.usefixtures("blogs")
def test_a_moderator_does_not_administer_and_an_author_does_neither() -> None:
    noor = viewer_for(make_member("noor", role=Role.MODERATOR, blog="workshop"))
    assert noor.has_right("moderate")
    assert not noor.has_right("administer")
    pen = viewer_for(make_member("pen", role=Role.AUTHOR, blog="workshop"))
    assert not pen.has_right("moderate")


@pytest.mark.usefixtures("blogs")
def test_the_owner_of_the_site_is_on_no_blog() -> None:
    otto = viewer_for(make_member("otto", owner=True))
    assert otto.has_right("own")
    assert not otto.has_right("moderate")


@pytest.mark.usefixtures("blogs")
def test_agreement_and_second_factor_are_seen() -> None:
    user = make_member("mira")
    assert viewer_for(user).agreement_id is None
    assert not viewer_for(user).has_second_factor
    make_trusted("mira")
    assert viewer_for(user).agreement_id is not None
    assert viewer_for(user).has_second_factor


@pytest.mark.usefixtures("blogs")
def test_a_session_shows_its_person_until_it_ends() -> None:
    token = enter("mira")
    found = load_viewer(token)
    assert found
    assert found.username == "mira"
    end_sessions(found.id)
    assert load_viewer(token) is None
    assert load_viewer("no token of ours") is None


@pytest.mark.usefixtures("blogs")
def test_a_session_is_over_after_twelve_hours() -> None:
    token = enter("mira")
    with time_machine.travel(clock.now() + timedelta(hours=11, minutes=59), tick=False):
        assert load_viewer(token)
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1), tick=False):
        assert load_viewer(token) is None


@pytest.mark.usefixtures("blogs")
def test_a_closed_account_has_no_sessions_that_work() -> None:
    user = make_member("mira")
    with transaction() as session:
        token = begin_session(user, PLACE).token
        session.execute(sa.update(type(user)).values(closed_at=clock.now()))
    assert load_viewer(token) is None


@pytest.mark.usefixtures("blogs")
def test_a_second_factor_keeps_the_session_shut() -> None:
    make_member("mira")
    make_trusted("mira")
    assert load_viewer(enter("mira")) is None


@pytest.mark.usefixtures("blogs")
def test_loading_a_viewer_takes_four_statements(statements: list[str]) -> None:
    token = enter("mira", role=Role.ADMINISTRATOR, blog="garden")
    statements.clear()
    load_viewer(token)
    assert len([sent for sent in statements if sent.startswith("SELECT")]) <= 4
