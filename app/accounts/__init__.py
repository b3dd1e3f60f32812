"""Who people are here: accounts, ways to sign in, and roles on blogs.

Others may use `User` and its `Membership` and `Role`, ask who has a role (`admins_of`,
`moderators_of`, `owners`, `keepers`), name who acted (`users_by_id`), find somebody
(`user_called`), look as them (`viewer_for`), lead somebody out (`see_out`), read an address that
somebody typed (`email_or_none`), refuse to leave the site to nobody (`LastOwner`), and hear that an
account was closed (`account_closed`).
"""

from .addresses import email_or_none
from .doorway import see_out
from .models import Membership, Role, User
from .queries import (
    admins_of,
    keepers,
    moderators_of,
    owners,
    user_called,
    users_by_id,
    viewer_for,
)
from .roles import LastOwner
from .signals import account_closed

__all__ = [
    "LastOwner",
    "Membership",
    "Role",
    "User",
    "account_closed",
    "admins_of",
    "email_or_none",
    "keepers",
    "moderators_of",
    "owners",
    "see_out",
    "user_called",
    "users_by_id",
    "viewer_for",
]
