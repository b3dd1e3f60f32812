"""Managing people: whose roles are whose business, and what changing them sets off.

The owner gives and takes every role. An administrator gives and takes the roles of
moderators and authors on their own blogs. A change holds from the person's next request
on, because every request reads their roles anew; it is recorded, and they are told.
"""

from app.core import clock
from app.core.database import transaction
from app.core.errors import Conflict, Missing
from app.core.mail import enqueue
from app.core.privacy import Viewer, record

from . import roles
from .models import Role, User
from .second_factor import reset_second_factor
from .sessions import end_sessions
from .staff import BlogName, Person, managed_blog, person

#: What each role may do, for the sentence that is read before it is given.
MEANING: dict[Role | None, str] = {
    None: "has no role there",
    Role.AUTHOR: "is an author: signs posts, and has no further rights",
    Role.MODERATOR: (
        "is a moderator: decides on what people send in, and sees email addresses masked only"
    ),
    Role.ADMINISTRATOR: (
        "is an administrator: decides on what people send in, and may open a sender's email and "
        "IP address, each time on record"
    ),
}
_ORDER = (None, Role.AUTHOR, Role.MODERATOR, Role.ADMINISTRATOR)


def role_words(role: Role | None) -> str:
    """A role and what it may do, on a line of its own."""
    if role is None:
        return "No role"
    return f"{role.value.title()}: {MEANING[role].partition(': ')[2]}"


def rank(role: Role | None) -> int:
    """How much a role may do; more is higher."""
    return _ORDER.index(role)


def roles_to_give(viewer: Viewer, blog_id: int) -> tuple[Role, ...]:
    """The roles this viewer may give and take on that blog."""
    if viewer.is_owner:
        return (Role.ADMINISTRATOR, Role.MODERATOR, Role.AUTHOR)
    return (Role.MODERATOR, Role.AUTHOR) if viewer.administers(blog_id) else ()


def may_change(viewer: Viewer, blog_id: int, before: Role | None) -> bool:
    """Whether a role as it is now is this viewer's business."""
    given = roles_to_give(viewer, blog_id)
    return bool(given) and (before is None or before in given)


def role_to_change(viewer: Viewer, user_id: int, blog_id: int) -> tuple[Person, BlogName]:
    """A person and the blog on which their role is to change.

    Raises `Missing` when either is not the viewer's business, or the role they have is not.
    """
    blog, found = managed_blog(viewer, blog_id), person(viewer, user_id)
    if not may_change(viewer, blog.id, found.roles.get(blog.id)):
        raise Missing
    return found, blog


def change_role(
    viewer: Viewer, user_id: int, blog_id: int, *, before: Role | None, after: Role | None
) -> None:
    """Give a person another role on a blog, or none.

    Raises `Missing` for what is not the viewer's business, and `Conflict` when the role
    is no longer the one the viewer saw.
    """
    with transaction():
        found, blog = role_to_change(viewer, user_id, blog_id)
        if after is not None and after not in roles_to_give(viewer, blog.id):
            raise Missing
        now = found.roles.get(blog.id)
        if now is not before:
            raise Conflict(
                f"Somebody changed this role meanwhile: {found.user.username} now {MEANING[now]}."
            )
        if now is after:
            return
        if after is None:
            roles.revoke(user_id, blog.id, by=viewer.id)
        else:
            roles.grant(user_id, blog.id, after, by=viewer.id)
        enqueue(
            "accounts/role_changed",
            to=(found.user, "email"),
            username=found.user.username,
            blog=blog.title,
            meaning=MEANING[after],
        )


def disable(viewer: Viewer, user_id: int) -> None:
    """Shut an account until it is enabled again: its sessions end, and nobody signs in to it.

    Only for owners. Raises `Conflict` for one's own account and `LastOwner`.
    """
    if not viewer.is_owner:
        raise Missing
    if viewer.id == user_id:
        raise Conflict("You cannot disable your own account.")
    with transaction() as session:
        user = person(viewer, user_id).user
        if user.disabled_at is not None:
            return
        roles.refuse_last_owner(user)
        user.disabled_at = clock.now()
        end_sessions(user.id)
        record("account_disabled", session, actor_id=viewer.id, subject_uid=user.uid)
        enqueue("accounts/disabled", to=(user, "email"), username=user.username)


def enable(viewer: Viewer, user_id: int) -> None:
    """Open a disabled account again, with the roles it had. Only for owners."""
    if not viewer.is_owner:
        raise Missing
    with transaction() as session:
        user = person(viewer, user_id).user
        if user.disabled_at is None:
            return
        user.disabled_at = None
        record("account_enabled", session, actor_id=viewer.id, subject_uid=user.uid)


def take_second_factor(viewer: Viewer, user_id: int) -> None:
    """Help somebody who lost phone and codes. Only for owners, and never for oneself."""
    if not viewer.is_owner:
        raise Missing
    if viewer.id == user_id:
        raise Conflict("For your own account, use a recovery code, or ask another owner.")
    with transaction():
        user: User = person(viewer, user_id).user
        reset_second_factor(user, by=viewer.id)
        end_sessions(user.id)
