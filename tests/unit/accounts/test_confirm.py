"""Before something that matters: is it still you?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from tests.mailbox import Mailbox
from tests.people import token_in
from tests.unit.accounts.conftest import PASSWORD, is_in, log_in, new_browser, newest_link

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("ada")]


@pytest.fixture
def later(ada: None, browser: FlaskClient) -> Iterator[None]:
    """Ada signed in thirteen hours ago, and stayed."""
    start = clock.now()
    log_in(browser, stays="y")
    with time_machine.travel(start + timedelta(hours=13), tick=False):
        yield


def confirm(client: FlaskClient, password: str, back: str = "/account/email/") -> Any:
    token = token_in(client.get("/account/confirm/"))
    return client.post(
        "/account/confirm/", data={"csrf_token": token, "password": password, "next": back}
    )


@pytest.mark.usefixtures("later")
def test_the_password_confirms_and_leads_back(browser: FlaskClient) -> None:
    before = browser.get_cookie("remember")
    answer = confirm(browser, PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/account/email/")
    after = browser.get_cookie("remember")
    assert before
    assert after
    assert before.value != after.value
    token = token_in(browser.get("/account/email/"))
    answer = browser.post("/account/email/", data={"csrf_token": token, "email": "new@example.org"})
    assert answer.location == "/account/email/#asked"


@pytest.mark.usefixtures("later")
def test_the_token_from_before_is_void(browser: FlaskClient, app: Flask) -> None:
    before = browser.get_cookie("remember")
    assert before
    confirm(browser, PASSWORD)
    thief = new_browser(app)
    thief.set_cookie("remember", before.value)
    assert not is_in(thief)


@pytest.mark.usefixtures("later")
def test_a_wrong_password_confirms_nothing_and_guessing_is_slowed_down(
    browser: FlaskClient,
) -> None:
    answers = [confirm(browser, "not the one at all").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.usefixtures("later")
def test_a_mailed_link_confirms_too(browser: FlaskClient, outbox: Mailbox) -> None:
    token = token_in(browser.get("/account/confirm/"))
    browser.post("/account/confirm/link/", data={"csrf_token": token})
    assert browser.post(newest_link(outbox)).status_code == 303
    token = token_in(browser.get("/account/email/"))
    answer = browser.post("/account/email/", data={"csrf_token": token, "email": "new@example.org"})
    assert answer.location == "/account/email/#asked"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_one_is_never_led_to_another_site(browser: FlaskClient, back: str) -> None:
    log_in(browser)
    assert confirm(browser, PASSWORD, back).location == "/account/"
