"""The confidentiality agreement, and the path to the first look at personal data."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role, totp, viewer_for
from app.accounts.factors import Totp
from app.accounts.models import Acceptance
from app.comments import Comment
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import AuditLink, LookRefused, open_for, reveal
from tests.cast import GARDEN
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import (
    accept_agreement,
    confirm_second_factor,
    make_member,
    member,
    sign_in,
    token_in,
)

pytestmark = pytest.mark.database

PAGE = "/account/agreement/"
FIRST = "/account/first-look/"


@pytest.fixture(autouse=True)
def mira(app: Flask, read: Any, content: ContentFolder) -> None:
    """Mira administers the garden blog, and has not yet given her word."""
    content.post("tulips")
    read()
    with app.app_context():
        make_member("mira", role=Role.ADMINISTRATOR, blog=GARDEN)
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Mira's browser."""
    return sign_in(app, "mira")


def give_word(client: FlaskClient, path: str = PAGE, name: str = "Mira Moss", **more: str) -> Any:
    page = client.get(path)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)
    assert digest
    fields = {"csrf_token": token_in(page), "typed_name": name, "digest": digest[1]}
    return client.post(path, data={**fields, **more})


def acceptances(app: Flask) -> list[Acceptance]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Acceptance).order_by(Acceptance.id)))


def agreement_of(app: Flask, username: str = "mira") -> int | None:
    with app.app_context():
        return viewer_for(member(username)).agreement_id


def test_the_page_shows_the_text_to_any_member(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "No copying out." in page
    assert "Every look is recorded" in page


def test_a_word_is_kept_with_version_digest_name_and_time(app: Flask, client: FlaskClient) -> None:
    assert give_word(client, name="  Mira   Moss\u202e ").status_code == 303
    (kept,) = acceptances(app)
    assert (kept.version, kept.typed_name, len(kept.text_hash)) == (1, "Mira Moss", 64)
    assert abs((clock.now() - kept.accepted_at).total_seconds()) < 30
    assert agreement_of(app) == kept.id
    with app.app_context():
        assert "agreement_accepted" in db.session.scalars(sa.select(AuditLink.kind)).all()
    assert "You gave your word" in client.get(PAGE).text


def test_giving_it_twice_changes_nothing(app: Flask, client: FlaskClient) -> None:
    give_word(client)
    page = sign_in(app, "mira").get("/account/")
    digest = acceptances(app)[0].text_hash
    fields = {"csrf_token": token_in(page), "typed_name": "Again", "digest": digest}
    client.post(PAGE, data={**fields, "csrf_token": token_in(client.get("/account/"))})
    assert [kept.typed_name for kept in acceptances(app)] == ["Mira Moss"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e ", "x" * 121])
def test_a_name_has_to_be_typed(app: Flask, client: FlaskClient, name: str) -> None:
    assert give_word(client, name=name).status_code == 422
    assert acceptances(app) == []


def test_a_new_version_asks_again(app: Flask, client: FlaskClient, content: ContentFolder) -> None:
    give_word(client)
    first = agreement_of(app)
    content.write("agreement/0002.md", "Say nothing, and mean it.")
    assert agreement_of(app) is None
    give_word(client)
    assert agreement_of(app) not in (None, first)
    assert len(acceptances(app)) == 2


def test_a_text_changed_while_reading_is_not_accepted(
    app: Flask, client: FlaskClient, content: ContentFolder
) -> None:
    content.write("agreement/0002.md", "Say nothing.")
    answer = give_word(client, digest="0" * 64)
    assert answer.status_code == 409
    assert acceptances(app) == []


def test_a_text_that_cannot_be_read_is_accepted_by_nobody(
    client: FlaskClient, content: ContentFolder
) -> None:
    content.write("agreement/0002.md", b"\xff\xfe")
    assert client.get(PAGE).status_code == 503
    assert client.get(FIRST).status_code == 503


def leave_comment(app: Flask) -> int:
    with app.app_context():
        number = make_comment().id
        db.session.remove()
        return number


def look(app: Flask, number: int) -> str:
    with app.app_context():
        comment = db.session.get_one(Comment, number)
        return reveal(comment, "author_email", viewer_for(member("mira")), "moderation").value


@pytest.mark.promise("look-is-recorded")
def test_nobody_looks_before_word_and_factor_are_given(app: Flask) -> None:
    number = leave_comment(app)
    with pytest.raises(LookRefused, match="agreement"):
        look(app, number)
    with app.app_context():
        accept_agreement("mira")
        db.session.remove()
    with pytest.raises(LookRefused, match="second factor"):
        look(app, number)
    with app.app_context():
        confirm_second_factor("mira")
        db.session.remove()
    assert look(app, number) == "bo@example.org"


def test_the_word_for_an_older_text_opens_nothing(app: Flask, content: ContentFolder) -> None:
    number = leave_comment(app)
    with app.app_context():
        accept_agreement("mira")
        confirm_second_factor("mira")
        db.session.remove()
    content.write("agreement/0002.md", "A new text.")
    with pytest.raises(LookRefused, match="agreement"):
        look(app, number)


def test_the_path_takes_three_clicks_and_leads_back(app: Flask, client: FlaskClient) -> None:
    goal = "/admin/comments/7/"
    answer = give_word(client, f"{FIRST}?next={goal}")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert '<svg role="img"' in page.text
    to = re.search(r'action="(/account/second-factor/app/[^"#]*)', page.text)
    assert to
    with app.app_context():
        row = db.session.scalars(sa.select(Totp)).one()
        code = totp.code_at(open_for(row, "secret", "sign-in"), clock.now())
    fields = {"csrf_token": token_in(page), "code": code}
    page = client.post(to[1].replace("&amp;", "&"), data=fields)
    assert "Your recovery codes" in page.text
    onward = re.search(r'class="button" href="([^"]+)"', page.text)
    assert onward
    answer = client.get(onward[1].replace("&amp;", "&"))
    assert (answer.status_code, answer.location) == (303, goal)


def test_who_has_done_everything_is_led_on_at_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accept_agreement("mira")
        confirm_second_factor("mira")
        db.session.remove()
    assert client.get(f"{FIRST}?next=/admin/comments/7/").location == "/admin/comments/7/"
    assert "All three are done" in client.get(FIRST).text


def test_the_path_leads_nowhere_else(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accept_agreement("mira")
        confirm_second_factor("mira")
        db.session.remove()
    assert client.get(f"{FIRST}?next=//evil.example/").location == "/account/"


def test_the_overview_leads_there_until_it_is_done(app: Flask, client: FlaskClient) -> None:
    assert "/account/first-look/?next=/admin/" in client.get("/admin/").text
    with app.app_context():
        accept_agreement("mira")
        confirm_second_factor("mira")
        db.session.remove()
    assert "first-look" not in client.get("/admin/").text


def test_the_own_privacy_page_shows_the_word_that_was_given(client: FlaskClient) -> None:
    give_word(client, name="Mira Moss")
    page = client.get("/account/privacy/").text
    assert "Promises of confidentiality" in page
    assert "Mira Moss" in page


def ask_to_look(client: FlaskClient, number: int) -> Any:
    case = f"/admin/comments/{number}/"
    fields = {"field": "email", "reason": "moderation"}
    return client.post(case, data={"csrf_token": token_in(client.get(case)), **fields})


def test_a_refused_look_leads_through_the_path_and_back_to_the_comment(
    app: Flask, client: FlaskClient
) -> None:
    number = leave_comment(app)
    refused = ask_to_look(client, number)
    assert refused.location == f"{FIRST}?next=/admin/comments/{number}/"
    assert "bo@example.org" not in refused.text
    give_word(client, refused.location)
    with app.app_context():
        confirm_second_factor_of_the_app_begun()
        db.session.remove()
    assert client.get(refused.location).location == f"/admin/comments/{number}/"
    assert "bo@example.org" in ask_to_look(client, number).text


def confirm_second_factor_of_the_app_begun() -> None:
    with transaction() as session:
        session.scalars(sa.select(Totp)).one().confirmed_at = clock.now()


def test_an_old_sign_in_is_asked_for_anew(app: Flask, client: FlaskClient) -> None:
    app.config["RECENT_SIGN_IN_HOURS"] = -1
    give_word(client, FIRST)
    page = client.get(f"{FIRST}?next=/admin/")
    assert "/account/confirm/?next=" in page.text
    assert '<svg role="img"' not in page.text


def test_a_site_may_do_without_the_second_factor_and_says_so(
    app: Flask, client: FlaskClient
) -> None:
    app.config["REQUIRE_SECOND_FACTOR"] = False
    give_word(client)
    page = client.get(FIRST).text
    assert "does not insist on one" in page
    assert "All three are done" in page
