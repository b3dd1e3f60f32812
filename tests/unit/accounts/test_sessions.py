"""Sessions: seen, ended, and over at the next request (P17)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user

from app.accounts.entries import Session
from app.accounts.factors import KnownDevice
from app.accounts.sessions import end_sessions
from app.accounts.tidying import tidy
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy.retention import sweep
from tests.people import make_member, member, sign_in, token_in
from tests.unit.accounts.conftest import cookies, is_in, log_in, new_browser

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


def press(client: FlaskClient, address: str, **more: str) -> Any:
    """Press a button of the security page."""
    token = token_in(client.get("/account/security/"))
    return client.post(address, data={"csrf_token": token} | more)


def session_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Session.id).order_by(Session.id)))


def test_the_page_lists_every_session_and_marks_this_one(browser: FlaskClient, app: Flask) -> None:
    other = new_browser(app, "192.0.2.7")
    other.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/19 Safari/605"
    log_in(other)
    log_in(browser)
    page = browser.get("/account/security/").text
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "192.0.•.•" in page
    assert "192.0.2.7" not in page
    assert page.count("This browser") == 1


def test_ending_another_session_ends_it_at_its_next_request(
    browser: FlaskClient, app: Flask
) -> None:
    other = new_browser(app)
    log_in(other)
    log_in(browser)
    assert is_in(other)
    first = session_ids(app)[0]
    assert press(browser, f"/account/security/sessions/{first}/end/").status_code == 303
    assert not is_in(other)
    assert is_in(browser)


def test_ending_all_others_keeps_this_one(browser: FlaskClient, app: Flask) -> None:
    others = [new_browser(app) for _ in range(3)]
    for client in (*others, browser):
        log_in(client)
    press(browser, "/account/security/sessions/end/")
    assert [is_in(client) for client in (*others, browser)] == [False, False, False, True]


def test_logging_out_ends_the_session_on_the_server(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    cookie = browser.get_cookie("session")
    assert cookie
    answer = press(browser, "/account/log-out/")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Max-Age=0" in cookies(answer)["session"]
    thief = new_browser(app)
    thief.set_cookie("session", cookie.value)
    assert not is_in(thief)


def test_a_log_out_keeps_the_known_device(browser: FlaskClient) -> None:
    log_in(browser)
    press(browser, "/account/log-out/")
    assert browser.get_cookie("device")


def test_nobody_ends_the_session_of_another(browser: FlaskClient, app: Flask) -> None:

    with app.app_context():
        make_member("bo")
    log_in(browser)
    bo = sign_in(app, "bo")
    press(bo, f"/account/security/sessions/{session_ids(app)[0]}/end/")
    assert is_in(browser)


@pytest.mark.parametrize(
    "address",
    ["/account/log-out/", "/account/security/sessions/end/", "/account/security/sessions/1/end/"],
)
def test_a_button_without_its_token_does_nothing(browser: FlaskClient, address: str) -> None:
    log_in(browser)
    for data in ({}, {"csrf_token": "1.forged"}, {"csrf_token": "x" * 5_000}):
        assert browser.post(address, data=data).status_code == 403
    assert is_in(browser)


def test_the_token_of_one_session_is_not_good_in_another(browser: FlaskClient, app: Flask) -> None:
    other = new_browser(app)
    for client in (browser, other):
        log_in(client)
    token = token_in(other.get("/account/security/"))
    assert browser.post("/account/log-out/", data={"csrf_token": token}).status_code == 403


def test_ending_all_from_elsewhere_works_at_once(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    with app.app_context():
        end_sessions(member("ada").id)
    assert not is_in(browser)


def test_twelve_hours_are_the_most_and_use_does_not_prolong_them(browser: FlaskClient) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        log_in(browser)
        for hour in range(1, 12):
            traveller.move_to(start + timedelta(hours=hour))
            assert is_in(browser)
        traveller.move_to(start + timedelta(hours=12, seconds=1))
        assert not is_in(browser)


def test_an_idle_session_ends_where_the_site_says_so(make_app: Any) -> None:

    app = make_app(IDLE_SIGN_IN_HOURS=2)
    with app.app_context():
        make_member("bo")
    client = sign_in(app, "bo")
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for half_hours in range(1, 8):
            traveller.move_to(start + timedelta(minutes=half_hours * 30))
            assert is_in(client)
        traveller.shift(timedelta(hours=2, minutes=11))
        assert not is_in(client)


def test_reading_writes_last_use_down_every_ten_minutes_only(
    browser: FlaskClient, statements: list[str]
) -> None:
    log_in(browser)
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        statements.clear()
        browser.get("/account/")
        assert [sent for sent in statements if sent.startswith("UPDATE")] == []
        traveller.shift(timedelta(minutes=11))
        browser.get("/account/")
        browser.get("/account/")
        assert len([sent for sent in statements if sent.startswith("UPDATE")]) == 1


@pytest.mark.promise("address-gone-after-period")
def test_addresses_of_sign_ins_are_forgotten_after_thirty_days(
    browser: FlaskClient, app: Flask
) -> None:
    log_in(browser, stays="y")
    with app.app_context():
        with transaction() as session:
            session.execute(sa.update(Session).values(created_at=clock.now() - timedelta(days=31)))
        sweep()
        assert db.session.scalars(sa.select(Session.ip)).one() is None


def test_sessions_that_are_over_are_removed(browser: FlaskClient, app: Flask) -> None:
    log_in(browser)
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False), app.app_context():
        tidy()
    assert session_ids(app) == []


def test_public_pages_never_ask_who_is_there(
    browser: FlaskClient, app: Flask, statements: list[str], read: Any
) -> None:
    read()
    stranger = new_browser(app).get("/")
    log_in(browser)
    browser.get("/")
    statements.clear()
    answer = browser.get("/")
    assert "Set-Cookie" not in answer.headers
    # Pages differ by the choice about cookies, which says nothing of who made it.
    assert answer.headers["ETag"] == stranger.headers["ETag"]
    assert answer.data == stranger.data
    assert not any("sessions" in sent for sent in statements)


def test_flask_login_knows_the_viewer_on_private_pages_and_nobody_on_public_ones(
    browser: FlaskClient, app: Flask
) -> None:

    log_in(browser)
    cookie = browser.get_cookie("session")
    assert cookie
    headers = {"Cookie": f"session={cookie.value}; remember_token=1|f00"}
    with app.test_request_context("/account/", headers=headers):
        app.preprocess_request()
        assert current_user.username == "ada"
    with app.test_request_context("/", headers=headers):
        app.preprocess_request()
        assert current_user.is_anonymous


def test_a_device_that_was_not_seen_for_half_a_year_is_forgotten(
    browser: FlaskClient, app: Flask
) -> None:

    log_in(browser)
    for days, kept in ((179, 1), (181, 0)):
        later = clock.now() + timedelta(days=days)
        with time_machine.travel(later, tick=False), app.app_context():
            tidy()
            assert db.session.scalar(sa.select(sa.func.count(KnownDevice.id))) == kept


def test_a_site_without_optional_cookies_keeps_nobody_signed_in_longer(app: Flask) -> None:
    """The cookie for it is one of those that such a site does without."""
    app.config["OPTIONAL_COOKIES"] = ()
    browser = new_browser(app)
    assert "Stay signed in" not in browser.get("/account/log-in/").text
    given = cookies(log_in(browser, stays="y"))
    assert set(given) == {"session", "device"}
    assert is_in(browser)
