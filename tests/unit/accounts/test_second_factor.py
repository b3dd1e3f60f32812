"""One's own second factor: an app, codes on paper, and what each change asks for."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import totp
from app.accounts.factors import RecoveryCode, Totp
from app.core import clock
from app.core.database import db
from app.core.privacy import AuditLink, open_for
from tests.mailbox import Mailbox
from tests.people import make_member, member, sign_in, token_in

pytestmark = pytest.mark.database

HOME = "/account/second-factor/"


@pytest.fixture
def mira(app: Flask) -> FlaskClient:
    """Mira's browser, signed in; she has no second factor."""
    with app.app_context():
        make_member("mira")
        db.session.remove()
    return sign_in(app, "mira")


def secret_of(app: Flask, username: str = "mira") -> str:
    with app.app_context():
        row = db.session.scalars(sa.select(Totp).where(Totp.user_id == member(username).id)).one()
        return open_for(row, "secret", "sign-in")


def post(client: FlaskClient, path: str, page: str | None = None, **fields: Any) -> Any:
    """Send a form of `page` (its own, if not named) as its person would."""
    token = token_in(client.get(page or path))
    return client.post(path, data={"csrf_token": token, **fields})


def start(client: FlaskClient) -> None:
    assert post(client, HOME + "app/start/", HOME).status_code == 303


def set_up(app: Flask, client: FlaskClient) -> list[str]:
    """An app in use; answers the recovery codes that were shown."""
    start(client)
    code = totp.code_at(secret_of(app), clock.now())
    answer = post(client, HOME + "app/", code=code)
    assert answer.status_code == 200
    return re.findall(r"<li><code>([0-9a-z-]{19})</code>", answer.text)


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditLink.kind).order_by(AuditLink.id)))


def test_the_page_shows_a_picture_and_the_key_as_text(app: Flask, mira: FlaskClient) -> None:
    start(mira)
    page = mira.get(HOME + "app/").text
    assert '<svg role="img"' in page
    assert totp.in_groups(secret_of(app)) in page
    assert "style=" not in page


def test_nothing_is_on_before_a_first_right_code(app: Flask, mira: FlaskClient) -> None:
    start(mira)
    answer = post(mira, HOME + "app/", code="000000")
    assert answer.status_code == 422
    assert "not the code of the app" in answer.text
    assert "Set up an app" in mira.get(HOME).text
    assert "factor.app-added" not in kinds(app)


def test_a_right_code_turns_it_on_and_shows_ten_codes_once(app: Flask, mira: FlaskClient) -> None:
    codes = set_up(app, mira)
    assert len(set(codes)) == 10
    page = mira.get(HOME).text
    assert "10 left" in page
    assert not any(code in page for code in codes)
    assert kinds(app) == ["factor.app-added"]


def test_whoever_signed_in_without_it_is_signed_out(app: Flask, mira: FlaskClient) -> None:
    elsewhere = sign_in(app, "mira")
    set_up(app, mira)
    assert mira.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 303


def test_codes_are_stored_as_hashes_only(app: Flask, mira: FlaskClient) -> None:
    codes = set_up(app, mira)
    with app.app_context():
        stored = b"".join(db.session.scalars(sa.select(RecoveryCode.code_hash)))
        sealed = db.session.scalars(sa.select(sa.cast(Totp.secret, sa.LargeBinary))).one()
    assert not any(code.replace("-", "").encode() in stored for code in codes)
    assert secret_of(app).encode() not in bytes(sealed)


def test_the_person_is_told_by_mail(app: Flask, mira: FlaskClient, outbox: Mailbox) -> None:
    set_up(app, mira)
    assert "authenticator app was added" in outbox.to("mira@example.org")[0].as_string()


def test_a_new_secret_replaces_one_not_confirmed(app: Flask, mira: FlaskClient) -> None:
    start(mira)
    first = secret_of(app)
    start(mira)
    assert secret_of(app) != first


def test_a_second_app_is_refused_while_one_is_on(app: Flask, mira: FlaskClient) -> None:
    set_up(app, mira)
    assert post(mira, HOME + "app/start/", HOME + "app/remove/").status_code == 409


def test_removing_the_app_needs_a_right_code(app: Flask, mira: FlaskClient) -> None:
    set_up(app, mira)
    assert post(mira, HOME + "app/remove/", code="000000").status_code == 422
    assert "On" in mira.get(HOME).text
    with time_machine.travel(clock.now().timestamp() + 60, tick=False):
        code = totp.code_at(secret_of(app), clock.now())
        assert post(mira, HOME + "app/remove/", code=code).status_code == 303
    assert "Set up an app" in mira.get(HOME).text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0


def test_the_code_that_turned_it_on_does_not_turn_it_off(app: Flask, mira: FlaskClient) -> None:
    with time_machine.travel(clock.now(), tick=False):
        set_up(app, mira)
        code = totp.code_at(secret_of(app), clock.now())
        assert post(mira, HOME + "app/remove/", code=code).status_code == 422


def test_a_recovery_code_removes_the_app_too(app: Flask, mira: FlaskClient) -> None:
    codes = set_up(app, mira)
    assert post(mira, HOME + "app/remove/", code=codes[3].upper()).status_code == 303


def test_new_codes_make_the_old_ones_void(app: Flask, mira: FlaskClient) -> None:
    old = set_up(app, mira)
    answer = post(mira, HOME + "codes/")
    fresh = re.findall(r"<li><code>([0-9a-z-]{19})</code>", answer.text)
    assert len(fresh) == 10
    assert not set(old) & set(fresh)
    assert post(mira, HOME + "app/remove/", code=old[0]).status_code == 422
    assert post(mira, HOME + "app/remove/", code=fresh[0]).status_code == 303


@pytest.mark.parametrize("path", ["app/", "app/remove/", "codes/"])
def test_changes_need_a_recent_sign_in(app: Flask, mira: FlaskClient, path: str) -> None:
    with app.app_context():
        later = clock.now().timestamp() + app.config["RECENT_SIGN_IN_HOURS"] * 3600 - 60
        hours = app.config["RECENT_SIGN_IN_HOURS"]
    app.config["RECENT_SIGN_IN_HOURS"] = hours - 1
    with time_machine.travel(later, tick=False):
        answer = mira.get(HOME + path)
    assert answer.status_code == 303
    assert answer.location.startswith("/account/confirm/?next=")


def test_a_form_without_its_token_changes_nothing(app: Flask, mira: FlaskClient) -> None:
    codes = set_up(app, mira)
    for path, fields in (("app/remove/", {"code": codes[0]}), ("codes/", {})):
        assert mira.post(HOME + path, data=fields).status_code == 422
    assert "10 left" in mira.get(HOME).text
