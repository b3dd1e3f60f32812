"""Putting the list of the desk together: its rows, its filter, and what was just done."""

from collections.abc import Iterator
from typing import Any

from app.blog import feedback_room_id
from app.core import clock
from app.core.privacy import Viewer
from app.desk import (
    UNDO_FOR,
    Chip,
    Clash,
    Kinship,
    Link,
    Strip,
    Tab,
    act_named,
    age,
    batch_of,
    kin_of,
    left_alone,
    name_of,
    strip_of,
)

from ..cards import KINDS
from ..models import Feedback, State
from .acts import Act
from .headlines import counts, heading, list_address
from .queries import KINDRED, PAGE, Counts, listed, room_of
from .rows import NAMELESS, PATH, Row, Setting, buttons, item_address, row_of
from .sieve import Shelf, Sieve

FIND = f"{PATH}find/"
_TABS = (
    (Shelf.WAITING, "Waiting"),
    (Shelf.OPEN, "Open"),
    (Shelf.PUBLIC, "Public"),
    (Shelf.DECLINED, "Declined"),
    (Shelf.SPAM, "Spam"),
    (Shelf.ALL, "All"),
)
_STATES = {
    Shelf.WAITING: State.HELD,
    Shelf.OPEN: State.OPEN,
    Shelf.DECLINED: State.DECLINED,
    Shelf.SPAM: State.SPAM,
}
_KINSHIP = {
    Kinship.AUTHOR: "by one sender",
    Kinship.ADDRESS: "from one address",
    Kinship.NEAR: "from one neighbourhood",
}


def list_page(viewer: Viewer, sieve: Sieve, *, choose: bool, done: Strip | None) -> dict[str, Any]:
    """All that the template of the list needs."""
    room = room_of(viewer)
    found, numbers = listed(viewer, sieve), counts()
    items = [row.Feedback for row in found.rows]
    kin = kin_of([item.id for item in items], KINDRED)
    setting = Setting(viewer, sieve, kin)
    rows = [row_of(row, setting) for row in found.rows]
    return {
        "administers": viewer.administers(room),
        "heading": heading(sieve, numbers),
        "shelves": list(_tabs(sieve, numbers)),
        "sieved": _sieved(viewer, sieve),
        "done": done,
        "rows": rows,
        "order": ".".join(str(row.id) for row in rows),
        "back": sieve.query,
        "choose": _choose(sieve, rows, is_chosen=choose),
        "is_chosen": choose,
        "bulk_acts": () if sieve.shelf is Shelf.PUBLIC else buttons(_STATES.get(sieve.shelf)),
        "first": list_address(sieve.but()) if sieve.after else None,
        "next": found.next and Link(list_address(sieve.but(after=found.next)), f"Next {PAGE}"),
        "empty": _empty(sieve),
    }


def strip(viewer: Viewer, done: str, left: str = "") -> Strip | None:
    """What was just done, in a sentence, with the way back while there is one."""
    words = {
        "undone": "Taken back: everything is as it was before.",
        "published": "Approved. It is public now, in exactly these words.",
        "unpublished": "It is no longer public, and its address says so.",
        "asked": "The sender is asked by mail. Until they agree, nothing is public.",
        "answered": "The answer is on the sender’s page, who is told by mail.",
        "entered": "Entered, as a private item.",
    }
    if done in words:
        return Strip(words[done])
    name, now = act_named(done), clock.now()
    columns = {"item_id": Feedback.id, "called": Feedback.sender_name}
    batch = batch_of(name, viewer.id, now - UNDO_FOR, **columns) if name else None
    alone = left_alone(left)
    if batch is None or name is None:
        return Strip(alone, "warn") if alone else None
    past = Act(batch.act).past
    one = f"The feedback of {batch.name or NAMELESS.lower()} was"
    what = one if batch.moves == 1 else f"{batch.moves:,} were"
    return strip_of(name, f"{what} {past}. {alone}".rstrip(), batch.at, at=now)


def changed_page(clash: Clash, sieve: Sieve) -> dict[str, Any]:
    """The page that says somebody was faster: who, when, and what it is now."""
    values = {"to": item_address(clash.id, sieve), "back_to": list_address(sieve)}
    past = next((act.past for act in Act if act.state == clash.state), None)
    who = name_of(clash.decided_by)
    if clash.decided_at is None or who is None or past is None:
        sentence = "It was changed after you opened the page. Nothing was decided."
        return values | {"heading": "This feedback has changed", "sentence": sentence}
    heading = f"Already {past} by {who} {age(clash.decided_at, clock.now())}"
    sentence = "You saw it as it was before. Nothing was changed, and nothing was sent twice."
    return values | {"heading": heading, "sentence": sentence}


def _tabs(sieve: Sieve, found: Counts) -> Iterator[Tab]:
    numbers: dict[Shelf, int | None] = {
        Shelf.WAITING: found.waiting,
        Shelf.OPEN: found.open,
        Shelf.PUBLIC: found.public,
        Shelf.DECLINED: found.declined,
        Shelf.SPAM: found.spam,
    }
    for shelf, label in _TABS:
        to = list_address(Sieve(shelf=shelf))
        yield Tab(to, label, numbers.get(shelf), is_current=sieve.shelf is shelf)


def _sieved(viewer: Viewer, sieve: Sieve) -> dict[str, Any]:
    return {
        "action": PATH,
        "shelf": sieve.shelf.value,
        "kinds": [(kind.value, label, kind is sieve.kind) for kind, label in KINDS.items()],
        "text": sieve.text,
        "find": FIND,
        "may_find_addresses": viewer.administers(feedback_room_id()),
        "words": list(_chips(sieve)),
    }


def _chips(sieve: Sieve) -> Iterator[Chip]:
    if sieve.kind:
        yield Chip(KINDS[sieve.kind], list_address(sieve.but(kind=None)))
    if sieve.text:
        yield Chip(f"“{sieve.text}”", list_address(sieve.but(text="")))
    if sieve.kinship:
        without = sieve.but(kinship=None, examples=(), shelf=Shelf.WAITING)
        yield Chip(_KINSHIP[sieve.kinship], list_address(without))


def _choose(sieve: Sieve, rows: list[Row], *, is_chosen: bool) -> Link | None:
    address = list_address(sieve)
    if is_chosen:
        return Link(address, "Choose none")
    if len(rows) < 2 or sieve.shelf is Shelf.PUBLIC:
        return None
    mark = "&" if "?" in address else "?"
    return Link(f"{address}{mark}choose=page", f"Choose all {len(rows)} on this page")


def _empty(sieve: Sieve) -> dict[str, str]:
    if sieve.shelf is Shelf.WAITING and sieve.is_plain:
        text = "Everything that was sent has been read, and nothing agreed to waits for you."
        return {"title": "Nothing waits", "text": text}
    return {"title": "Nothing here", "text": "No feedback fits this list."}
