"""Invitations by mail: offered to an address, taken once, by whoever reads its mail."""

from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role, viewer_for
from app.accounts.models import Invitation, Membership, User
from app.accounts.people import change_role
from app.blog import Blog
from app.core import clock
from app.core.database import db
from tests.cast import GARDEN, WORKSHOP
from tests.mailbox import Mailbox
from tests.people import make_member, member, sign_in, token_in
from tests.unit.accounts.conftest import is_in, new_browser, newest_link

pytestmark = pytest.mark.database

PEOPLE = "/admin/people/"
INVITE = PEOPLE + "invite/"


@pytest.fixture(autouse=True)
def cast(app: Flask, read: Any) -> None:
    """Otto owns the site, Mira administers the garden; Ada has an account and no role."""
    read()
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mira", role=Role.ADMINISTRATOR, blog=GARDEN)
        make_member("ada")
        db.session.remove()


def blog(app: Flask, slug: str = GARDEN) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Blog.id).where(Blog.slug == slug)).one()


def invite(
    app: Flask,
    email: str = "new@example.org",
    role: str = "moderator",
    *,
    who: str = "otto",
    slug: str = GARDEN,
) -> Any:
    client = sign_in(app, who)
    fields = {"email": email, "role": role, "blog": str(blog(app, slug))}
    return client.post(INVITE, data={"csrf_token": token_in(client.get(INVITE)), **fields})


def roles_of(app: Flask, username: str) -> dict[int, str]:
    with app.app_context():
        found = sa.select(Membership).where(Membership.user_id == member(username).id)
        return {entry.blog_id: entry.role.value for entry in db.session.scalars(found)}


def test_an_invitation_says_who_invites_to_what(app: Flask, outbox: Mailbox) -> None:
    assert invite(app, role="administrator").status_code == 303
    words = outbox.to("new@example.org")[0].get_body(("plain",)).get_content()
    assert "otto invites you to be an administrator" in words
    assert "Garden" in words


def test_a_newcomer_opens_an_account_and_has_the_role(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app)
    link = newest_link(outbox)
    assert 'name="username"' in browser.get(link).text
    answer = browser.post(link, data={"username": "newt", "password": ""})
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert is_in(browser)
    assert roles_of(app, "newt") == {blog(app): "moderator"}
    with app.app_context():
        assert member("newt").email_proved_at is not None


def test_a_new_administrator_is_led_to_the_first_look(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app, role="administrator")
    answer = browser.post(newest_link(outbox), data={"username": "newt"})
    assert answer.location == "/account/first-look/?next=/admin/"


def test_a_member_takes_the_role_with_one_click(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app, "ada@example.org")
    link = newest_link(outbox)
    assert "your account <strong>ada</strong>" in browser.get(link).text
    assert browser.post(link).location == "/account/log-in/?next=/admin/"
    assert roles_of(app, "ada") == {blog(app): "moderator"}
    assert not is_in(browser)


def test_looking_takes_nothing(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    invite(app, "ada@example.org")
    for _ in range(3):
        assert browser.get(newest_link(outbox)).status_code == 200
    assert roles_of(app, "ada") == {}


def test_it_is_taken_once(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    invite(app)
    link = newest_link(outbox)
    browser.post(link, data={"username": "newt"})
    other = new_browser(app)
    assert other.get(link).status_code == 410
    assert other.post(link, data={"username": "toad"}).status_code == 410


def test_a_username_that_is_taken_leaves_it_open(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app)
    link = newest_link(outbox)
    answer = browser.post(link, data={"username": "ADA", "password": "a long enough password"})
    assert answer.status_code == 422
    assert "Somebody has this username" in answer.text
    assert browser.post(link, data={"username": "newt"}).status_code == 303


def test_it_is_void_after_seven_days(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    invite(app)
    link = newest_link(outbox)
    with time_machine.travel(clock.now().timestamp() + 7 * 86_400 + 1, tick=False):
        assert browser.get(link).status_code == 410
        assert browser.post(link, data={"username": "newt"}).status_code == 410


def test_a_second_invitation_voids_the_first(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app)
    first = newest_link(outbox)
    invite(app, role="author")
    assert browser.get(first).status_code == 410
    assert browser.get(newest_link(outbox)).status_code == 200


def test_it_never_lowers_a_role(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    invite(app, "mira@example.org", "author")
    browser.post(newest_link(outbox))
    assert roles_of(app, "mira") == {blog(app): "administrator"}


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(app: Flask) -> None:
    known, unknown = invite(app, "ada@example.org"), invite(app, "nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    page = sign_in(app, "otto").get(PEOPLE).text
    assert "a•••@e•••.org" in page
    assert "n•••@e•••.org" in page
    assert "nobody@example.org" not in page


@pytest.mark.parametrize(
    ("who", "role", "slug", "status"),
    [
        ("mira", "moderator", GARDEN, 303),
        ("mira", "author", GARDEN, 303),
        ("mira", "administrator", GARDEN, 422),
        ("mira", "moderator", WORKSHOP, 422),
        ("mira", "owner", GARDEN, 422),
        ("otto", "administrator", WORKSHOP, 303),
    ],
)
def test_who_may_invite_to_what(app: Flask, who: str, role: str, slug: str, status: int) -> None:
    assert invite(app, role=role, who=who, slug=slug).status_code == status


def test_a_withdrawn_invitation_is_void(app: Flask, browser: FlaskClient, outbox: Mailbox) -> None:
    invite(app)
    with app.app_context():
        number = db.session.scalars(sa.select(Invitation.id)).one()
    client = sign_in(app, "mira")
    fields = {"csrf_token": token_in(client.get(PEOPLE))}
    path = f"{PEOPLE}invitations/{number}/withdraw/"
    assert client.post(path, data=fields).status_code == 303
    assert browser.get(newest_link(outbox)).status_code == 410


def test_another_blogs_invitation_cannot_be_withdrawn(app: Flask) -> None:
    invite(app, slug=WORKSHOP)
    with app.app_context():
        number = db.session.scalars(sa.select(Invitation.id)).one()
    client = sign_in(app, "mira")
    assert "n•••@e•••.org" not in client.get(PEOPLE).text
    fields = {"csrf_token": token_in(client.get(PEOPLE))}
    assert client.post(f"{PEOPLE}invitations/{number}/withdraw/", data=fields).status_code == 404


def test_a_disabled_person_does_not_come_back_by_invitation(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app, "ada@example.org")
    link = newest_link(outbox)
    with app.app_context():
        from app.core.database import transaction

        with transaction():
            member("ada").disabled_at = clock.now()
        db.session.remove()
    assert browser.post(link, data={"username": "newt"}).status_code == 410
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 3


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_sent_back(app: Flask, email: str, outbox: Mailbox) -> None:
    answer = invite(app, email)
    assert answer.status_code == 422
    assert len(outbox) == 0


def test_it_ends_with_the_right_of_who_invited(
    app: Flask, browser: FlaskClient, outbox: Mailbox
) -> None:
    invite(app, who="mira")
    link = newest_link(outbox)
    assert browser.get(link).status_code == 200
    with app.app_context():
        otto, mira = viewer_for(member("otto")), member("mira").id
        change_role(otto, mira, blog(app), before=Role.ADMINISTRATOR, after=Role.MODERATOR)
        db.session.remove()
    assert browser.get(link).status_code == 410
    assert browser.post(link, data={"username": "newt"}).status_code == 410
