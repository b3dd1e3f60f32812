"""Deciding on everything a list holds, however long it is."""

from typing import Any

from app.core.privacy import Viewer
from app.desk import UNDO_FOR, Done, Mark, excerpt

from .acts import Act
from .deciding import decide
from .headlines import list_address, state_phrase
from .pages import bulk_buttons, filter_words
from .queries import WINDOW, matching, stops_early
from .sieve import Sieve

#: More than this is decided on in several goes.
MOST_AT_ONCE = 10_000
SAMPLES = 5


def all_page(viewer: Viewer, sieve: Sieve) -> dict[str, Any]:
    """What a list holds now, for the page that asks whether to decide on all of it."""
    rows = matching(viewer, sieve, most=MOST_AT_ONCE)
    count, more = len(rows), max(0, len(rows) - SAMPLES)
    filtered = ", ".join(chip.label for chip in filter_words(sieve))
    return {
        "heading": f"Decide on {count:,} comment{'' if count == 1 else 's'} at once",
        "scope": f"{state_phrase(sieve.state)}{f': {filtered}' if filtered else ''}.",
        "samples": [
            {"name": row.author_name, "excerpt": excerpt(row.text)} for row in rows[:SAMPLES]
        ],
        "more": f"and {more:,} more" if more else "",
        "is_cut": count == MOST_AT_ONCE,
        "looked_at": WINDOW if stops_early(viewer, sieve) else None,
        "most": MOST_AT_ONCE,
        "seen": seen_of(rows),
        "acts": bulk_buttons(sieve.state),
        "back": sieve.query,
        "back_to": list_address(sieve),
        "changed": False,
        "undo_minutes": int(UNDO_FOR.total_seconds() // 60),
    }


def seen_of(rows: list[Any]) -> str:
    """What the moderator saw: how many there were, their newest, and how often all had changed."""
    newest = max((row.id for row in rows), default=0)
    return f"{len(rows)}.{newest}.{sum(row.revision for row in rows)}"


def decide_all_in(viewer: Viewer, act: Act, sieve: Sieve, seen: str) -> Done | None:
    """Decide on all that the moderator saw; `None` when that is no longer what is there.

    What came after it is left to wait.
    """
    newest = seen.split(".")[1:2]
    if not newest or not newest[0].isdecimal() or len(newest[0]) > 17:
        return None
    rows = matching(viewer, sieve, most=MOST_AT_ONCE, newest=int(newest[0]))
    if not rows or seen_of(rows) != seen:
        return None
    return decide(viewer, act, [Mark(row.id, row.revision) for row in rows])
