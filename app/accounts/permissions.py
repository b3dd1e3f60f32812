"""What the signed-in person may do: the `Viewer` that all of the house asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .models import Role

#: What each role of a blog may do there. A byline alone gives no right.
RIGHTS: Mapping[Role, frozenset[str]] = {
    Role.AUTHOR: frozenset(),
    Role.MODERATOR: frozenset({"moderate"}),
    Role.ADMINISTRATOR: frozenset({"moderate", "administer"}),
}


@dataclass(kw_only=True)
class SignedIn:
    """The person behind a session, with their roles as they are at this request."""

    id: int
    username: str
    is_owner: bool
    session_id: int
    #: Their acceptance of the agreement as it is today, or `None`.
    agreement_id: int | None
    has_second_factor: bool
    #: When they last proved to be there.
    signed_in_at: datetime
    roles: Mapping[int, Role] = field(default_factory=dict)

    def administers(self, blog_id: int) -> bool:
        """Whether they are an administrator of that blog."""
        return blog_id in self.blogs("administer")

    def moderates(self, blog_id: int) -> bool:
        """Whether they may decide on comments of that blog, as administrators may too."""
        return blog_id in self.blogs("moderate")

    def has_right(self, name: str) -> bool:
        """Whether they may `moderate` or `administer` some blog, or `own` the site."""
        return self.is_owner if name == "own" else bool(self.blogs(name))

    def blogs(self, right: str) -> frozenset[int]:
        """The blogs on which they have a right."""
        return self._blogs.get(right, frozenset())

    @cached_property
    def _blogs(self) -> Mapping[str, frozenset[int]]:
        return {
            right: frozenset(blog for blog, role in self.roles.items() if right in RIGHTS[role])
            for right in ("moderate", "administer")
        }
