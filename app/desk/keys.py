"""The keys that moderators press: kept with the account, never in the browser."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.database import Model, db, transaction
from app.core.privacy import (
    NOBODY,
    by_account,
    not_personal,
    personal,
)

#: What a key can do, its name on the page, and the key it has until somebody changes it.
DEFAULTS = {
    "next": ("Next", "j"),
    "previous": ("Previous", "k"),
    "approve": ("Approve", "a"),
    "spam": ("Spam", "s"),
    "reject": ("Refuse", "t"),
    "reply": ("Reply", "r"),
    "note": ("Note", "n"),
    "claim": ("Take it", "c"),
    "open": ("Open", "o"),
    "choose": ("Choose", "x"),
    "undo": ("Undo", "u"),
    "help": ("These keys", "?"),
}


class ModeratorKeys(Model):
    """One moderator's keys, where they differ from the usual ones."""

    __tablename__ = "moderator_keys"
    __belongs__ = by_account("user_id")

    user_id: Mapped[int] = personal(
        "account",
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        why="each moderator has keys of their own",
        opens_for=NOBODY,
        keep=None,
        until="the account is closed",
        subject="administrator",
        interest="work without a mouse",
        source="given",
        on_erasure="delete_row",
        unique=True,
    )
    is_on: Mapped[bool] = not_personal("whether keys work at all", default=True)
    chosen: Mapped[Any] = not_personal("act by act, the key", sa.JSON, default=dict)


@dataclass(frozen=True)
class Keys:
    """The keys of one moderator, and whether they are switched on."""

    is_on: bool = True
    by_act: Mapping[str, str] = field(
        default_factory=lambda: {act: key for act, (_label, key) in DEFAULTS.items()}
    )

    def active(self) -> dict[str, str]:
        """Act by act the key that works; nothing when keys are off."""
        return {act: key for act, key in self.by_act.items() if key} if self.is_on else {}


def keys_of(user_id: int) -> Keys:
    """The keys of a moderator."""
    row = db.session.scalar(sa.select(ModeratorKeys).where(ModeratorKeys.user_id == user_id))
    if row is None:
        return Keys()
    usual = {act: key for act, (_label, key) in DEFAULTS.items()}
    return Keys(row.is_on, usual | {act: row.chosen[act] for act in usual if act in row.chosen})


def keep_keys(user_id: int, sent: Mapping[str, str], *, is_on: bool) -> None:
    """Store a moderator's keys. A key given to two acts stays with the first of them."""
    chosen: dict[str, str] = {}
    for act in DEFAULTS:
        key = sent.get(act, DEFAULTS[act][1]).strip()[:1].lower()
        chosen[act] = key if key.isprintable() and key not in chosen.values() else ""
    with transaction() as session:
        query = sa.select(ModeratorKeys).where(ModeratorKeys.user_id == user_id)
        row = session.scalar(query)
        if row is None:
            row = ModeratorKeys(user_id=user_id)
            session.add(row)
        row.is_on, row.chosen = is_on, chosen


def keys_part(user_id: int) -> dict[str, Any]:
    """The keys of a page: for its script, and for the form that changes them."""
    kept = keys_of(user_id)
    return {"keys": json.dumps(kept.active(), separators=(",", ":")), "key_map": _key_map(kept)}


def _key_map(kept: Keys) -> list[dict[str, str]]:
    return [
        {"act": act, "label": label, "key": kept.by_act.get(act, "")}
        for act, (label, _key) in DEFAULTS.items()
    ]
