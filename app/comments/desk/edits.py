"""Changes that wait for a moderator, while readers see the text before them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .acts import Act
from .undoing import unchanged, worded


def settled_edits(rows: Sequence[Any], act: Act, at: datetime) -> dict[int, dict[str, Any]]:
    """The columns that take or drop the changes of comments that are decided on.

    None where no change waits, so that deciding on comments without one writes no texts.
    """
    if not any(row.pending_text for row in rows):
        return {row.id: {} for row in rows}
    return {row.id: _settled(row, act, at) for row in rows}


def _settled(row: Any, act: Act, at: datetime) -> dict[str, Any]:
    values = unchanged(row) | {"pending_text": None}
    if row.pending_text and act.takes_edit:
        values |= worded(row.pending_text) | {"edited_at": at}
    return values
