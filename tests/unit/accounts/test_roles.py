"""Giving and taking roles: at once, on record, and never without an owner."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import Membership, Role, admins_of, moderators_of
from app.accounts.queries import blog_called
from app.accounts.roles import LastOwner, grant, make_owner, revoke, unmake_owner
from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from tests.mailbox import Mailbox, text_of
from tests.people import make_member, member, sign_in

pytestmark = pytest.mark.database


@pytest.fixture
def garden(app: Flask, read: Any) -> Any:
    read()
    with app.app_context():
        make_member("otto", owner=True)
        make_member("mira")
        yield blog_called("garden")


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(AuditLink.kind).order_by(AuditLink.id)))


def test_a_granted_role_holds_and_is_on_record(garden: int) -> None:
    mira, otto = member("mira").id, member("otto").id
    grant(mira, garden, Role.ADMINISTRATOR, by=otto)
    assert [user.username for user in admins_of(garden)] == ["mira"]
    detail = db.session.scalars(sa.select(AuditDetail)).one()
    assert (detail.actor_id, detail.blog_id) == (otto, garden)
    assert detail.facts == {"role": "administrator"}


def test_another_role_replaces_the_one_before(garden: int) -> None:
    mira = member("mira").id
    grant(mira, garden, Role.ADMINISTRATOR, by=None)
    grant(mira, garden, Role.MODERATOR, by=None)
    assert admins_of(garden) == []
    assert [user.username for user in moderators_of(garden)] == ["mira"]
    assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 1


def test_granting_and_revoking_twice_changes_and_records_nothing(garden: int) -> None:
    mira = member("mira").id
    for _ in range(2):
        grant(mira, garden, Role.AUTHOR, by=None)
    for _ in range(2):
        revoke(mira, garden, by=None)
    assert kinds() == ["role_granted", "role_revoked"]


def test_a_revoked_role_is_over_at_the_next_request(app: Flask, garden: int) -> None:
    mira = member("mira").id
    grant(mira, garden, Role.ADMINISTRATOR, by=None)
    client = sign_in(app, "mira")
    assert "Administrator of Garden" in client.get("/account/").text
    revoke(mira, garden, by=None)
    assert "Administrator of Garden" not in client.get("/account/").text


def test_the_last_owner_stays(garden: int) -> None:
    otto, mira = member("otto").id, member("mira").id
    with pytest.raises(LastOwner):
        unmake_owner(otto, by=None)
    make_owner(mira, by=otto)
    unmake_owner(otto, by=mira)
    assert not member("otto").is_owner
    with pytest.raises(LastOwner):
        unmake_owner(mira, by=mira)


def test_owners_are_told_of_a_new_one(garden: int, outbox: Mailbox) -> None:
    make_owner(member("mira").id, by=None)
    (letter,) = outbox.to("otto@example.org")
    assert "mira was made an owner" in " ".join(text_of(letter).split())
