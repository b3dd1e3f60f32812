"""How much feedback there is, said in titles, menus and on the dashboard."""

from datetime import timedelta

from flask import g

from app.blog import feedback_room_id
from app.core import clock
from app.core.privacy import Viewer
from app.core.registry import Figure
from app.desk import age

from .queries import Counts, counts_of
from .rows import PATH
from .sieve import Shelf, Sieve


def is_of_room(viewer: Viewer) -> bool:
    """Whether the viewer moderates the room."""
    return feedback_room_id() in viewer.blogs("moderate")


def list_address(sieve: Sieve) -> str:
    """The page of a list."""
    return f"{PATH}?{sieve.query}" if sieve.query else PATH


def counts() -> Counts:
    """How much is on each shelf; asked once for a page, whose menu shows it too."""
    found: Counts | None = g.get("feedback_counts")
    if found is None:
        found = g.feedback_counts = counts_of(feedback_room_id())
    return found


def waiting(_viewer: Viewer) -> int:
    """How much feedback waits; the number in the menu of those who moderate the room."""
    return counts().waiting


def figures(viewer: Viewer) -> list[Figure]:
    """The numbers of the dashboard; none for those who have no right in the room."""
    if not is_of_room(viewer):
        return []
    found = counts()
    oldest = found.oldest_at
    is_late = oldest is not None and clock.now() - oldest > timedelta(days=7)
    since = age(oldest, clock.now()).removesuffix(" ago") if oldest else "–"
    public = list_address(Sieve(shelf=Shelf.PUBLIC))
    return [
        Figure("feedback to read", found.held, PATH),
        Figure("agreed, not approved", found.to_approve, PATH),
        Figure("oldest feedback waits", since, PATH, is_alarm=is_late),
        Figure("public on the wall", found.public, public),
    ]


def heading(sieve: Sieve, found: Counts) -> str:
    """The title of the page: how much, of what."""
    if not sieve.is_plain:
        return "Filtered feedback"
    numbers = {
        Shelf.OPEN: (found.open, "open"),
        Shelf.PUBLIC: (found.public, "public"),
        Shelf.DECLINED: (found.declined, "declined"),
        Shelf.SPAM: (found.spam, "marked as spam"),
    }
    if sieve.shelf is Shelf.ALL:
        return "All feedback"
    if sieve.shelf in numbers:
        number, word = numbers[sieve.shelf]
        return f"{number:,} {word}"
    return f"{found.waiting:,} to look at" if found.waiting else "No feedback waits"
