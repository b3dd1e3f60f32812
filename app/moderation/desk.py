"""What moderators do on their pages: rules are tried out first, bans warn first."""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from app.core.privacy import Viewer, signing_key
from app.core.registry import registry

from .bans import BanDraft, ban, warning
from .models import Ban
from .rulebook import RulesDraft, change_rules, rules_of
from .trust import revoke_trust
from .trying import Trial, print_of, try_words


def save_or_try(blog_id: int, draft: RulesDraft, *, tried: str, actor_id: int) -> Trial | None:
    """Save a blog's rules; a changed word list is tried out first, and what came of it answered.

    `tried` is the print of the list that was tried out already. Raises what `change_rules` does.
    """
    is_new = draft.words != rules_of(blog_id).words
    if is_new and tried != print_of(draft.words):
        return try_words(blog_id, draft.words)
    change_rules(blog_id, draft, actor_id=actor_id)
    return None


@dataclass(frozen=True)
class Warned:
    """Who else a ban may hit, and the print by which it can be set after this was read."""

    sentence: str
    print: str


def ban_or_warn(draft: BanDraft, value: str, *, warned: str, actor_id: int) -> Ban | Warned:
    """Set a ban whose warning was read; otherwise answer the warning."""
    said = "\x1f".join((str(draft.blog_id), draft.scope.value, value.strip()))
    made = hmac.new(signing_key("ban-warning"), said.encode(), sha256).hexdigest()[:16]
    if hmac.compare_digest(warned.encode(), made.encode()):
        return ban(draft, value, actor_id=actor_id)
    kinds = registry().every("moderated")
    authors = sum(kind.authors_there(draft.blog_id, draft.scope, value.strip()) for kind in kinds)
    return Warned(warning(draft.scope, authors), made)


def distrust(trust_id: int, viewer: Viewer, *, since: date | None) -> int:
    """Take trust back, and put back into the queue what it let through since a day; how much."""
    blogs = viewer.blogs("moderate")
    revoked = revoke_trust(trust_id, blogs=blogs, actor_id=viewer.id)
    if since is None:
        return 0
    start = datetime.combine(since, time.min, UTC)
    return sum(kind.requeue(revoked, start, viewer) for kind in registry().every("moderated"))
