"""Finding people: by what they type, by what they hold, and by where they have a role."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import matches
from app.core.tokens import hash_of

from .addresses import fold
from .agreement import current_agreement
from .entries import Link, Session, SessionState
from .factors import KnownDevice, Passkey, Totp
from .models import Acceptance, Membership, Role, User
from .permissions import SignedIn

# Blogs stand a floor above; here they are no more than their table, as foreign keys are.
_blogs = sa.table("blogs", *map(sa.column, ("id", "slug", "title", "rank", "removed_at")))
IS_OPEN = sa.and_(
    User.email_proved_at.is_not(None), User.closed_at.is_(None), User.disabled_at.is_(None)
)


def user_called(name: str) -> User | None:
    """The open account with this username or email address; asks for both, whatever was typed."""
    is_theirs = sa.or_(User.username_folded == fold(name.strip()), matches(User.email, name))
    return db.session.scalar(sa.select(User).where(IS_OPEN, is_theirs).order_by(User.id).limit(1))


def user_of_email(email: str) -> User | None:
    """The open account with this address."""
    return db.session.scalar(sa.select(User).where(IS_OPEN, matches(User.email, email)))


def is_taken(username: str) -> bool:
    """Whether an account, open or not, has this username or one that looks the same."""
    found = sa.select(User.id).where(User.username_folded == fold(username))
    return db.session.scalar(found) is not None


def open_account(user_id: int) -> User:
    """An account that can be signed in to. Raises `Missing`."""
    user = db.session.scalar(sa.select(User).where(IS_OPEN, User.id == user_id))
    if user is None:
        raise Missing
    return user


def users_by_id(ids: Iterable[int]) -> dict[int, User]:
    """Accounts by number, open or not; what is not there is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {user.id: user for user in db.session.scalars(_users().where(User.id.in_(wanted)))}


def admins_of(blog_id: int) -> list[User]:
    """The administrators of a blog."""
    return _holders(blog_id, Role.ADMINISTRATOR)


def moderators_of(blog_id: int) -> list[User]:
    """Whoever decides on a blog's comments: its administrators and moderators."""
    return _holders(blog_id, Role.ADMINISTRATOR, Role.MODERATOR)


def all_accounts() -> Sequence[User]:
    """Every account that can be signed in to, by name."""
    return db.session.scalars(_users().where(IS_OPEN)).all()


def owners() -> Sequence[User]:
    """The owners of the site."""
    return db.session.scalars(_users().where(IS_OPEN, User.is_owner)).all()


def keepers() -> Sequence[User]:
    """The owners of the site and the administrators of its blogs: who may answer for it."""
    administer = sa.select(Membership.user_id).where(Membership.role == Role.ADMINISTRATOR)
    may = sa.or_(User.is_owner, User.id.in_(administer))
    return db.session.scalars(_users().where(IS_OPEN, may)).all()


def memberships_of(user_id: int) -> Sequence[Membership]:
    """A person's roles, blog by blog."""
    asked = sa.select(Membership).where(Membership.user_id == user_id)
    return db.session.scalars(asked.order_by(Membership.blog_id)).all()


def blog_ids() -> Sequence[int]:
    """Every blog there is."""
    asked = sa.select(_blogs.c.id).where(_blogs.c.removed_at.is_(None))
    return db.session.scalars(asked.order_by(_blogs.c.rank, _blogs.c.id)).all()


def blog_titles(ids: Iterable[int]) -> dict[int, str]:
    """The titles of blogs by number, in the order readers see them in."""
    asked = sa.select(_blogs.c.id, _blogs.c.title).where(_blogs.c.id.in_(list(ids)))
    return {row.id: row.title for row in db.session.execute(asked.order_by(_blogs.c.rank))}


def blog_called(slug: str) -> int | None:
    """The number of the blog at this address."""
    asked = sa.select(_blogs.c.id).where(_blogs.c.slug == slug, _blogs.c.removed_at.is_(None))
    return db.session.scalar(asked)


def factors_of(user: User) -> list[str]:
    """The second factors a person has confirmed: `totp`, `passkey`."""
    totp, passkey = db.session.execute(sa.select(_has_totp(user.id), _has_passkey(user.id))).one()
    return [name for name, has in (("totp", totp), ("passkey", passkey)) if has]


def session_of(token: str, *, at: datetime | None = None) -> Session | None:
    """The session, open or pending, of a cookie; `None` when it is over."""
    return db.session.scalar(
        sa.select(Session).where(
            Session.token_hash == hash_of(token), Session.expires_at > (at or clock.now())
        )
    )


def person_of(token: str) -> tuple[Session, User] | None:
    """The same with its person, in one statement, as every private page asks it."""
    row = db.session.execute(
        sa.select(Session, User)
        .join(User, User.id == Session.user_id)
        .where(Session.token_hash == hash_of(token), Session.expires_at > clock.now())
    ).first()
    return (row[0], row[1]) if row else None


def sessions_of(user_id: int) -> Sequence[Session]:
    """A person's open sessions, the last used first."""
    return db.session.scalars(
        sa.select(Session)
        .where(
            Session.user_id == user_id,
            Session.state == SessionState.OPEN,
            Session.expires_at > clock.now(),
        )
        .order_by(Session.used_at.desc(), Session.id.desc())
    ).all()


def known_device(user_id: int | None, token: str | None) -> KnownDevice | None:
    """The device of a cookie, if that person signed in on it before."""
    if token is None:
        return None
    return db.session.scalar(
        sa.select(KnownDevice).where(
            KnownDevice.token_hash == hash_of(token), KnownDevice.user_id == user_id
        )
    )


def viewer_for(user: User, entered: Session | None = None) -> SignedIn:
    """Who looks: a person, by way of a session. One statement, whatever their roles.

    Without a session, as in an operator's command, the sign-in counts as of now; that it is
    them is then the caller's business.
    """
    rows = db.session.execute(
        sa.select(_acceptance(user.id), _has_totp(user.id), _has_passkey(user.id))
        .add_columns(Membership.blog_id, Membership.role)
        .select_from(User)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(User.id == user.id)
    ).all()
    acceptance, totp, passkey, *_role = rows[0]
    return SignedIn(
        id=user.id,
        username=user.username,
        is_owner=user.is_owner,
        session_id=entered.id if entered else 0,
        agreement_id=acceptance,
        has_second_factor=bool(totp or passkey),
        signed_in_at=(entered.confirmed_at or entered.created_at) if entered else clock.now(),
        roles={row.blog_id: row.role for row in rows if row.blog_id is not None},
    )


def asked_account(link: Link) -> User:
    """The account a mailed link is about, open or only asked for. Raises `Missing`."""
    user = db.session.get(User, link.user_id) if link.user_id else None
    if user is None or user.closed_at is not None:
        raise Missing
    return user


def _users() -> sa.Select[User]:
    return sa.select(User).order_by(User.username_folded)


def _holders(blog_id: int, *roles: Role) -> list[User]:
    asked = _users().join(Membership, Membership.user_id == User.id)
    asked = asked.where(IS_OPEN, Membership.blog_id == blog_id, Membership.role.in_(roles))
    return list(db.session.scalars(asked))


def _acceptance(user_id: int) -> sa.ScalarSelect[int | None]:
    """Their acceptance of the very words that hold today."""
    agreement = current_agreement()
    asked = sa.select(sa.func.max(Acceptance.id)).where(Acceptance.user_id == user_id)
    if agreement is None:
        return asked.where(sa.false()).scalar_subquery()
    return asked.where(
        Acceptance.version == agreement.version, Acceptance.text_hash == agreement.digest
    ).scalar_subquery()


def _has_totp(user_id: int) -> sa.ColumnElement[bool]:
    found = sa.select(Totp.id).where(Totp.user_id == user_id, Totp.confirmed_at.is_not(None))
    return sa.exists(found)


def _has_passkey(user_id: int) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(Passkey.id).where(Passkey.user_id == user_id))
