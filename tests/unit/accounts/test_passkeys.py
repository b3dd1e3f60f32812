"""Passkeys through the real app: made, used, removed, and refused in every other way."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from webauthn.helpers import base64url_to_bytes

from app.accounts import viewer_for
from app.accounts.entries import Session
from app.accounts.factors import Challenge, Passkey
from app.accounts.people import disable
from app.core import clock
from app.core.database import db
from tests.authenticator import Authenticator
from tests.mailbox import Mailbox
from tests.people import make_member, member, sign_in, token_in
from tests.unit.accounts.conftest import is_in, log_in, new_browser, set_password

pytestmark = pytest.mark.database

BASE = "http://localhost"
NEW = "/account/passkeys/new/"
STEP = "/account/log-in/second-factor/"
DIRECT = "/account/log-in/passkey/"


@pytest.fixture
def app(make_app: Any) -> Flask:
    """The app at a name, as browsers want it for passkeys."""
    made: Flask = make_app(BASE_URL=BASE)
    with made.app_context():
        for name in ("ada", "bo"):
            make_member(name, f"{name}@example.org")
            set_password(name)
        db.session.remove()
    return made


def handle_of(app: Flask, username: str) -> bytes:
    with app.app_context():
        return member(username).uid.bytes


def challenge(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.text
    return base64url_to_bytes(json.loads(answer.data)["challenge"])


def ask_new(client: FlaskClient) -> tuple[str, bytes]:
    token = token_in(client.get(NEW))
    return token, challenge(client.post(NEW + "options/", data={"csrf_token": token}))


def add_passkey(app: Flask, username: str = "ada", **facts: Any) -> Authenticator:
    """A passkey on the account, made in a browser that is signed in."""
    client = sign_in(app, username)
    device = Authenticator(handle=handle_of(app, username), **facts)
    token, asked = ask_new(client)
    fields = {"csrf_token": token, "label": "My laptop", "answer": device.make(asked)}
    assert client.post(NEW, data=fields).status_code == 303
    return device


def use_at(client: FlaskClient, path: str, device: Authenticator, **wrong: Any) -> Any:
    options = STEP + "options/" if path == STEP + "passkey/" else path + "options/"
    asked = challenge(client.post(options))
    return client.post(path, data={"answer": device.use(asked, **wrong)})


def test_a_passkey_is_made_listed_and_told_of(app: Flask, outbox: Mailbox) -> None:
    add_passkey(app)
    page = sign_in(app, "ada").get("/account/second-factor/").text
    assert "My laptop" in page
    assert "You have no recovery codes" in page
    assert "A passkey was added" in outbox.to("ada@example.org")[-1].as_string()


def test_the_first_one_ends_the_sessions_that_never_showed_one(app: Flask) -> None:
    elsewhere = sign_in(app, "ada")
    add_passkey(app)
    assert not is_in(elsewhere)
    shown = sign_in(app, "ada")
    add_passkey(app)
    assert is_in(shown)


def test_a_passkey_alone_signs_in(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    assert use_at(browser, DIRECT, device).status_code == 303
    assert is_in(browser)
    assert browser.get_cookie("ceremony", path="/") is None


def test_a_passkey_is_a_second_factor(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    assert log_in(browser).location.startswith(STEP)
    assert not is_in(browser)
    assert use_at(browser, STEP + "passkey/", device).status_code == 303
    assert is_in(browser)


def test_the_step_names_the_persons_own_keys_and_the_direct_way_names_none(
    app: Flask, browser: FlaskClient
) -> None:
    add_passkey(app)
    assert "allowCredentials" in browser.post(DIRECT + "options/").json
    assert browser.post(DIRECT + "options/").json["allowCredentials"] == []
    log_in(browser)
    assert len(browser.post(STEP + "options/").json["allowCredentials"]) == 1


def test_another_persons_passkey_does_not_finish_a_log_in(app: Flask, browser: FlaskClient) -> None:
    add_passkey(app, "ada")
    bos = add_passkey(app, "bo")
    log_in(browser, "ada")
    assert use_at(browser, STEP + "passkey/", bos).status_code == 422
    assert not is_in(browser)


def test_an_answer_is_taken_once(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    answer = device.use(challenge(browser.post(DIRECT + "options/")))
    cookie = browser.get_cookie("ceremony").value
    assert browser.post(DIRECT, data={"answer": answer}).status_code == 303
    thief = new_browser(app)
    thief.set_cookie("ceremony", cookie)
    assert thief.post(DIRECT, data={"answer": answer}).status_code == 422
    assert not is_in(thief)


def test_a_wrong_answer_spends_the_challenge(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    asked = challenge(browser.post(DIRECT + "options/"))
    assert browser.post(DIRECT, data={"answer": device.use(asked, flags=0)}).status_code == 422
    assert browser.post(DIRECT, data={"answer": device.use(asked)}).status_code == 422
    assert not is_in(browser)


def test_a_challenge_belongs_to_the_browser_that_asked(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    asked = challenge(browser.post(DIRECT + "options/"))
    thief = new_browser(app)
    thief.post(DIRECT + "options/")
    assert thief.post(DIRECT, data={"answer": device.use(asked)}).status_code == 422
    assert not is_in(thief)


def test_a_challenge_of_a_waiting_session_opens_no_other(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    log_in(browser)
    asked = challenge(browser.post(STEP + "options/"))
    answer = device.use(asked)
    other = new_browser(app)
    log_in(other)
    assert other.post(STEP + "passkey/", data={"answer": answer}).status_code == 422
    assert other.post(DIRECT, data={"answer": answer}).status_code == 422
    assert not is_in(other)


def test_a_challenge_for_making_is_none_for_using(app: Flask) -> None:
    device = add_passkey(app)
    client = sign_in(app, "ada")
    _token, asked = ask_new(client)
    client.post("/account/log-out/", data={"csrf_token": token_in(client.get("/account/"))})
    assert client.post(DIRECT, data={"answer": device.use(asked)}).status_code == 422


def test_a_challenge_is_old_after_five_minutes(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    asked = challenge(browser.post(DIRECT + "options/"))
    with time_machine.travel(clock.now().timestamp() + 301, tick=False):
        assert browser.post(DIRECT, data={"answer": device.use(asked)}).status_code == 422


def test_a_copied_key_is_noticed_by_its_counter(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    use_at(browser, DIRECT, device)
    thief = new_browser(app)
    device.counter = 0
    assert use_at(thief, DIRECT, device).status_code == 422
    assert not is_in(thief)


def test_an_answer_without_a_handle_names_nobody(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    assert use_at(browser, DIRECT, device, handle=None).status_code == 422


def test_a_security_key_without_a_handle_is_a_second_factor(
    app: Flask, browser: FlaskClient
) -> None:
    device = add_passkey(app)
    log_in(browser)
    assert use_at(browser, STEP + "passkey/", device, handle=None).status_code == 303


def test_an_unknown_key_is_refused(app: Flask, browser: FlaskClient) -> None:
    add_passkey(app)
    stranger = Authenticator(handle=handle_of(app, "ada"))
    assert use_at(browser, DIRECT, stranger).status_code == 422


def test_a_removed_key_opens_nothing(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    client = sign_in(app, "ada")
    with app.app_context():
        number = db.session.scalars(sa.select(Passkey.id)).one()
    path = f"/account/passkeys/{number}/remove/"
    token = token_in(client.get(path))
    assert client.post(path, data={"csrf_token": token, "answer": "{}"}).status_code == 422
    asked = challenge(client.post("/account/passkeys/options/", data={"csrf_token": token}))
    fields = {"csrf_token": token, "answer": device.use(asked)}
    assert client.post(path, data=fields).status_code == 303
    assert use_at(browser, DIRECT, device).status_code == 422


def test_another_persons_key_cannot_be_removed_or_looked_at(app: Flask) -> None:
    add_passkey(app, "ada")
    bo = sign_in(app, "bo")
    with app.app_context():
        number = db.session.scalars(sa.select(Passkey.id)).one()
    path = f"/account/passkeys/{number}/remove/"
    assert bo.get(path).status_code == 404
    token = token_in(bo.get("/account/"))
    assert bo.post(path, data={"csrf_token": token, "code": "000000"}).status_code == 404


def test_the_same_key_is_kept_once(app: Flask) -> None:
    device = add_passkey(app)
    client = sign_in(app, "ada")
    token, asked = ask_new(client)
    fields = {"csrf_token": token, "label": "Again", "answer": device.make(asked)}
    answer = client.post(NEW, data=fields)
    assert answer.status_code == 422
    assert "could not be added" in answer.text
    assert 'value="Again"' in answer.text


def test_a_key_of_a_disabled_account_opens_nothing(app: Flask, browser: FlaskClient) -> None:
    device = add_passkey(app)
    with app.app_context():
        disable(viewer_for(make_member("otto", owner=True)), member("ada").id)
        db.session.remove()
    assert use_at(browser, DIRECT, device).status_code == 422


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", "{" * 3000, "\x00", "é" * 200])
def test_nonsense_is_refused_calmly(app: Flask, browser: FlaskClient, answer: str) -> None:
    add_passkey(app)
    browser.post(DIRECT + "options/")
    assert browser.post(DIRECT, data={"answer": answer}).status_code == 422
    log_in(browser)
    browser.post(STEP + "options/")
    assert browser.post(STEP + "passkey/", data={"answer": answer}).status_code == 422
    client = sign_in(app, "ada")
    token, _asked = ask_new(client)
    fields = {"csrf_token": token, "label": "x", "answer": answer}
    assert client.post(NEW, data=fields).status_code == 422


def test_without_script_the_page_says_so(app: Flask, browser: FlaskClient) -> None:
    answer = browser.post(DIRECT)
    assert answer.status_code == 422
    assert "Passkeys need JavaScript" in answer.text
    assert "Needs JavaScript" in browser.get("/account/log-in/").text


def test_options_need_the_token_of_a_page_of_ours(app: Flask) -> None:
    client = sign_in(app, "ada")
    assert client.post(NEW + "options/").status_code == 422
    assert client.post("/account/passkeys/options/").status_code == 422


def test_a_passkey_confirms_who_is_there(app: Flask) -> None:
    device = add_passkey(app)
    client = sign_in(app, "ada")
    page = client.get("/account/confirm/?next=/account/email/")
    asked = challenge(
        client.post("/account/passkeys/options/", data={"csrf_token": token_in(page)})
    )
    with app.app_context():
        before = db.session.scalars(sa.select(sa.func.max(Session.confirmed_at))).one()
    answer = client.post(
        "/account/confirm/passkey/?next=/account/email/",
        data={"csrf_token": token_in(page), "answer": device.use(asked)},
    )
    assert (answer.status_code, answer.location) == (303, "/account/email/")
    with app.app_context():
        assert db.session.scalars(sa.select(sa.func.max(Session.confirmed_at))).one() > before


def test_a_password_alone_does_not_confirm_an_account_with_a_passkey(app: Flask) -> None:
    add_passkey(app)
    client = sign_in(app, "ada")
    page = client.get("/account/confirm/")
    assert 'name="password"' not in page.text
    fields = {"csrf_token": token_in(page), "password": "correct horse battery staple"}
    assert client.post("/account/confirm/", data=fields).status_code == 422


def test_challenges_do_not_pile_up(app: Flask, browser: FlaskClient) -> None:
    for _ in range(3):
        browser.post(DIRECT + "options/")
    with time_machine.travel(clock.now().timestamp() + 600, tick=False):
        browser.post(DIRECT + "options/")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Challenge)) == 1


def test_at_an_address_without_a_name_the_page_says_why_not(make_app: Any) -> None:
    app = make_app(BASE_URL="http://127.0.0.1:8000")
    with app.app_context():
        make_member("ada", "ada@example.org")
        db.session.remove()
    client = sign_in(app, "ada")
    assert "data-passkey" not in client.get(NEW).text
    assert "only for a site with a name" in client.get(NEW).text


def test_a_passkey_gets_in_while_the_password_is_being_guessed(
    app: Flask, browser: FlaskClient
) -> None:
    device = add_passkey(app)
    for _ in range(8):
        guess = log_in(browser, password="wrong horse")
    assert guess.status_code == 429
    assert use_at(browser, DIRECT, device).status_code == 303
    assert is_in(browser)
