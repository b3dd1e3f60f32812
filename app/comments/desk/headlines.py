"""How many comments there are, said in titles, menus and on the dashboard."""

from datetime import timedelta
from typing import Any

from flask import g

from app.blog import feedback_room_id
from app.core import clock
from app.core.privacy import Viewer
from app.core.registry import Figure
from app.core.web import page_part
from app.desk import age

from ..models import State
from .queries import oldest_waiting
from .sieve import Sieve
from .tallies import EDITED, count_states

PATH = "/admin/comments/"


def list_address(sieve: Sieve) -> str:
    """The page of a list."""
    return f"{PATH}?{sieve.query}" if sieve.query else PATH


def state_counts(viewer: Viewer, blog: str = "") -> dict[State, int]:
    """How many comments are in each state, on all blogs of the viewer or on one.

    One whose change waits is both shown and waiting.
    """
    blogs = blogs_of(viewer, blog)
    total = dict.fromkeys(State, 0)
    for blog_id, slots in numbers_of(viewer).items():
        if blog_id not in blogs:
            continue
        for state in State:
            total[state] += slots.get(state.value, 0)
        total[State.SHOWN] += slots.get(EDITED, 0)
        total[State.HELD] += slots.get(EDITED, 0)
    return total


def blogs_of(viewer: Viewer, blog: str = "") -> frozenset[int]:
    """The blogs that a list is of: all of the viewer's, or the one that was chosen."""
    blogs = viewer.blogs("moderate")
    if not blog:
        return blogs
    return blogs & {known.id for known in page_part("every_blog") if known.slug == blog}


def numbers_of(viewer: Viewer, beside: Any = None) -> dict[int, dict[str, int]]:
    """The counts of the viewer's blogs; asked once for a page, whose menu shows them too."""
    found: dict[int, dict[str, int]] | None = g.get("comment_counts")
    if found is None:
        found = g.comment_counts = count_states(viewer.blogs("moderate"), beside)
    return found


def waiting(viewer: Viewer) -> int:
    """How many comments wait for this viewer; the number in the menu."""
    return state_counts(viewer)[State.HELD]


def is_of_blogs(viewer: Viewer) -> bool:
    """Whether the viewer moderates any blog; the room of feedback is none."""
    return bool(viewer.blogs("moderate") - {feedback_room_id()})


def figures(viewer: Viewer) -> list[Figure]:
    """The numbers of the dashboard."""
    blogs = viewer.blogs("moderate")
    if not is_of_blogs(viewer):
        return []
    counts, oldest = state_counts(viewer), oldest_waiting(blogs)
    now = clock.now()
    since = age(oldest, now).removesuffix(" ago") if oldest else "–"
    is_late = oldest is not None and now - oldest > timedelta(days=2)
    spam = list_address(Sieve(state=State.SPAM))
    held = counts[State.HELD]
    label = "comment waits" if held == 1 else "comments wait"
    return [
        Figure(label=label, value=held, to=list_address(Sieve())),
        Figure(label="oldest waits", value=since, to=list_address(Sieve()), is_alarm=is_late),
        Figure(label="in the spam folder", value=counts[State.SPAM], to=spam),
    ]


def heading(sieve: Sieve, counts: dict[State, int]) -> str:
    """The title of the page: how many, of what."""
    if not sieve.is_plain:
        return "Filtered comments"
    if sieve.state is None:
        return "All comments"
    count = counts[sieve.state]
    if sieve.state is State.HELD:
        return "No comment waits" if not count else _counted(count, "waits", "wait")
    words = {State.SHOWN: "shown", State.REJECTED: "refused", State.SPAM: "marked as spam"}
    return _counted(count, *2 * (words.get(sieve.state, "removed by their authors"),))


def state_phrase(state: State | None) -> str:
    """What a list holds, as the beginning of a sentence."""
    return {
        State.HELD: "Everything that waits",
        State.SHOWN: "Everything that is shown",
        State.REJECTED: "Everything refused",
        State.SPAM: "Everything in the spam folder",
        None: "Everything",
    }.get(state, "Everything removed by its author")


def _counted(count: int, one: str, many: str) -> str:
    return f"1 comment {one}" if count == 1 else f"{count:,} comments {many}"
