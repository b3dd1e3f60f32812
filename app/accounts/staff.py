"""Who has a role, as far as the one who asks may know.

An owner sees everybody who has one, and anybody whose name or address they know exactly.
An administrator sees the people of their own blogs, and nothing of other blogs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Viewer, masked

from .factors import Passkey, Totp
from .models import Membership, Role, User
from .queries import blog_ids, blog_titles, user_called

#: More people with a role than any site has; keeps one page one page.
MOST = 500


@dataclass(frozen=True)
class BlogName:
    """A blog, as far as roles need to know it."""

    id: int
    title: str


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and their roles on the blogs that the viewer manages."""

    user: User
    roles: Mapping[int, Role]
    has_second_factor: bool

    @property
    def email(self) -> str:
        """Their address, masked."""
        return masked(self.user, "email") if self.user.email is not None else "no address"

    @property
    def is_disabled(self) -> bool:
        """Whether the account is shut for now."""
        return self.user.disabled_at is not None


def managed_blogs(viewer: Viewer) -> list[BlogName]:
    """The blogs whose roles are this viewer's business. Raises `Missing` when there are none."""
    ids = [number for number in blog_ids() if viewer.is_owner or viewer.administers(number)]
    if not ids and not viewer.is_owner:
        raise Missing
    titles = blog_titles(ids)
    return [BlogName(number, titles[number]) for number in ids]


def managed_blog(viewer: Viewer, blog_id: int) -> BlogName:
    """One of those blogs. Raises `Missing` for any other."""
    for blog in managed_blogs(viewer):
        if blog.id == blog_id:
            return blog
    raise Missing


def blog_name(blog_id: int) -> BlogName:
    """A blog by its number. Raises `Missing` when it was removed."""
    if blog_id not in blog_ids():
        raise Missing
    return BlogName(blog_id, blog_titles([blog_id])[blog_id])


def staff(viewer: Viewer, blogs: list[BlogName]) -> list[Person]:
    """Everybody with a role on these blogs, and the owners for an owner, by name."""
    ids = sa.select(Membership.user_id).where(Membership.blog_id.in_(_ids(blogs)))
    is_staff: sa.ColumnElement[bool] = User.id.in_(ids)
    if viewer.is_owner:
        is_staff = sa.or_(is_staff, User.is_owner)
    users = db.session.scalars(
        sa.select(User)
        .where(is_staff, User.closed_at.is_(None))
        .order_by(User.username_folded)
        .limit(MOST)
    ).all()
    return _people(users, blogs)


def person(viewer: Viewer, user_id: int) -> Person:
    """One person. Raises `Missing` for those whom the viewer may not know of."""
    user = db.session.get(User, user_id)
    if user is None or user.closed_at is not None or user.email_proved_at is None:
        raise Missing
    (found,) = _people([user], managed_blogs(viewer))
    if not found.roles and not viewer.is_owner:
        raise Missing
    return found


def person_called(viewer: Viewer, name: str) -> User | None:
    """The person with exactly this username or address; for owners only."""
    return user_called(name) if viewer.is_owner and name else None


def _people(users: Iterable[User], blogs: list[BlogName]) -> list[Person]:
    users = list(users)
    ids = [user.id for user in users]
    roles: dict[int, dict[int, Role]] = {number: {} for number in ids}
    for entry in db.session.scalars(
        sa.select(Membership).where(
            Membership.user_id.in_(ids), Membership.blog_id.in_(_ids(blogs))
        )
    ):
        roles[entry.user_id][entry.blog_id] = entry.role
    protected = set(
        db.session.scalars(
            sa.union(
                sa.select(Totp.user_id).where(
                    Totp.user_id.in_(ids), Totp.confirmed_at.is_not(None)
                ),
                sa.select(Passkey.user_id).where(Passkey.user_id.in_(ids)),
            )
        )
    )
    return [Person(user, roles[user.id], user.id in protected) for user in users]


def _ids(blogs: list[BlogName]) -> list[int]:
    return [blog.id for blog in blogs]
