"""What the floors below know about comments: notes, reports, bans, rules, and who decided."""

from typing import Any

from app.accounts import users_by_id
from app.core.privacy import Viewer

from .admin_rows import Extra
from .models import Comment


def extras_of(comments: list[Comment]) -> dict[int, Extra]:
    """Notes, reports and earlier bans, by the number of the comment."""
    return {}


def deciders_of(comments: list[Comment]) -> dict[int, Any]:
    """Who decided on some comments, by the number of the account."""
    return users_by_id({comment.decided_by for comment in comments if comment.decided_by})


def name_of(user_id: int | None) -> str | None:
    """The username of an account; `None` without one."""
    if user_id is None:
        return None
    found = users_by_id({user_id}).get(user_id)
    return found.username if found else "somebody who left"


def case_extras(viewer: Viewer, comment: Comment) -> dict[str, Any]:
    """Notes, reports, decisions, trust and ban of one comment, for its page."""
    return {"noted": [], "reported": [], "decided": [], "trust": None, "may_ban": None}


def rule_names() -> list[tuple[str, str]]:
    """The rules that hold comments, with their names."""
    return []
