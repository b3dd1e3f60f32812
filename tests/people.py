"""Members of the cast: their accounts, their roles, and browsers that are signed in."""

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import Membership, Role, User
from app.accounts.agreement import current_agreement
from app.accounts.entries import Session
from app.accounts.factors import Totp
from app.accounts.models import Acceptance
from app.accounts.places import Place
from app.accounts.sessions import begin_session, finish_log_in
from app.blog import Blog
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import seal

PLACE = Place("203.0.113.9", "Firefox on Linux")
SAME_ORIGIN = "same-origin"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def make_member(
    username: str,
    email: str | None = None,
    *,
    role: Role | str | None = None,
    blog: str | None = None,
    owner: bool = False,
) -> User:
    """An account with a proved address; with `role` and `blog`, a member of that blog.

    Making the same one again adds the role. Needs an application context.
    """
    with transaction() as session:
        user = session.scalar(sa.select(User).where(User.username == username))
        if user is None:
            user = User(is_owner=owner, email_proved_at=clock.now())
            user.rename(username)
            user.email = seal(email or f"{username}@example.org")
            session.add(user)
            session.flush()
        if role is not None:
            found = session.scalar(sa.select(Blog.id).where(Blog.slug == blog))
            assert found is not None, f"no blog {blog}; read the content first"
            session.add(Membership(user_id=user.id, blog_id=found, role=Role(role)))
    return user


def accept_agreement(username: str) -> int:
    """The person's acceptance of the agreement as it is now."""
    agreement = current_agreement()
    assert agreement is not None
    with transaction() as session:
        accepted = Acceptance(
            user_id=member(username).id,
            version=agreement.version,
            text_hash=agreement.digest,
            typed_name=username.title(),
        )
        session.add(accepted)
        session.flush()
        return accepted.id


def confirm_second_factor(username: str, secret: str = "JBSWY3DPEHPK3PXP" * 2) -> None:
    """An authenticator app on the account."""
    with transaction() as session:
        session.add(
            Totp(user_id=member(username).id, secret=seal(secret), confirmed_at=clock.now())
        )


def make_trusted(username: str) -> None:
    """Everything a look at personal data asks of an administrator, besides the role."""
    accept_agreement(username)
    confirm_second_factor(username)


def member(username: str) -> User:
    """The account of that name."""
    return db.session.scalars(sa.select(User).where(User.username == username)).one()


def blog_id(slug: str) -> int:
    """The number of a blog that was read from the content folder."""
    return db.session.scalars(sa.select(Blog.id).where(Blog.slug == slug)).one()


def sign_in(app: Flask, username: str, *, place: Place = PLACE) -> FlaskClient:
    """A browser in which that member is signed in, second factor and all."""
    with app.app_context():
        with transaction() as session:
            entry = begin_session(member(username), place)
            if entry.is_pending:
                newest = sa.select(Session).order_by(Session.id.desc()).limit(1)
                entry = finish_log_in(session.scalars(newest).one(), place)
        db.session.remove()
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = SAME_ORIGIN
    client.set_cookie("session", entry.token)
    return client


def token_in(page: TestResponse) -> str:
    """The token that the forms of a private page carry."""
    found = _TOKEN.search(page.text)
    assert found, "no token on this page"
    return found[1]
