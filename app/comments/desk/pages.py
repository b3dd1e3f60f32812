"""Putting the moderators' list together: its rows, its filter, and what was just done."""

from collections.abc import Iterator
from typing import Any

from app.core import clock
from app.core.privacy import Viewer
from app.core.web import page_part
from app.desk import (
    UNDO_FOR,
    Button,
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
from app.moderation import FEWEST, Look

from ..models import Comment, State
from .acts import Act, possible
from .headlines import blogs_of, heading, list_address, numbers_of, state_counts
from .knowing import RULES
from .queries import KINDRED, PAGE, Found, listed
from .rows import Row, Setting, case_address, row_of
from .sieve import ANY, Sieve
from .spread import facets, spread_in, steps_asked

FIND = "/admin/comments/find/"
ALL = "/admin/comments/all/"

_TABS = (
    (State.HELD, "Waiting"),
    (State.SHOWN, "Shown"),
    (State.REJECTED, "Refused"),
    (State.SPAM, "Spam"),
    (None, "All"),
)
_KINSHIP = {
    Kinship.AUTHOR: "by one author",
    Kinship.ADDRESS: "from one address",
    Kinship.NEAR: "from one neighbourhood",
}


def queue_page(viewer: Viewer, sieve: Sieve, *, choose: bool, done: Strip | None) -> dict[str, Any]:
    """All that the template of the list needs."""
    steps = steps_asked(sieve, blogs_of(viewer, sieve.blog))
    numbers = numbers_of(viewer, steps)
    counts = state_counts(viewer, sieve.blog)
    found = listed(viewer, sieve)
    rows = rows_of(viewer, sieve, found)
    return {
        "heading": heading(sieve, counts),
        "states": list(_tabs(sieve, counts)),
        "sieved": _sieved(viewer, sieve),
        "spread": None if steps is None else spread_in(numbers),
        "facets": facets(sieve) if any(row.look for row in rows) or sieve.look else [],
        "fewest": FEWEST,
        "done": done,
        "rows": rows,
        "order": ".".join(str(row.id) for row in rows),
        "back": sieve.query,
        "choose": _choose(sieve, len(rows), is_chosen=choose),
        "is_chosen": choose,
        "all_matching": _all_matching(sieve, found, counts),
        "bulk_acts": bulk_buttons(sieve.state),
        "first": list_address(sieve.but()) if sieve.after else None,
        "next": _next(sieve, found),
        "empty": _empty(sieve, found),
    }


def rows_of(viewer: Viewer, sieve: Sieve, found: Found) -> list[Row]:
    """The rows of a page, with what is known about each."""
    comments = [row.Comment for row in found.rows]
    ids = [comment.id for comment in comments]
    setting = Setting(viewer, sieve, kin_of(ids, KINDRED))
    return [row_of(row, setting) for row in found.rows]


def bulk_buttons(state: State | None) -> tuple[Button, ...]:
    """What may be done to many at once; those it does not fit are left as they are."""
    acts = (Act.APPROVE, Act.SPAM, Act.REJECT) if state is None else possible(state)
    return tuple(Button(act.value, act.label(state), act.tone) for act in acts)


def strip(viewer: Viewer, done: str, left: str = "") -> Strip | None:
    """What was just done, in a sentence, with the way back while there is one."""
    words = {"undone": "Taken back: everything is as it was before."}
    if done in words:
        return Strip(words[done])
    name, now = act_named(done), clock.now()
    columns = {"item_id": Comment.id, "called": Comment.author_name}
    batch = batch_of(name, viewer.id, now - UNDO_FOR, **columns) if name else None
    alone = left_alone(left)
    if batch is None or name is None:
        return Strip(alone, "warn") if alone else None
    past = Act(batch.act).past
    what = f"The comment of {batch.name} was" if batch.moves == 1 else f"{batch.moves:,} were"
    return strip_of(name, f"{what} {past}. {alone}".rstrip(), batch.at, at=now)


def filter_words(sieve: Sieve) -> Iterator[Chip]:
    """The parts of a filter, each with the list without it."""
    blog = next((b.title for b in page_part("every_blog") if b.slug == sieve.blog), sieve.blog)
    parts: list[tuple[str, dict[str, Any]]] = [
        (blog, {"blog": ""}),
        (dict(RULES).get(sieve.rule, sieve.rule), {"rule": ""}),
        (sieve.look.sentence if sieve.look else "", {"look": None}),
        ("has a link" if sieve.has_link else "", {"has_link": False}),
        ("was reported" if sieve.is_reported else "", {"is_reported": False}),
        (f"from {sieve.since}" if sieve.since else "", {"since": None}),
        (f"to {sieve.until}" if sieve.until else "", {"until": None}),
        (f"“{sieve.text}”" if sieve.text else "", {"text": ""}),
        (
            _KINSHIP[sieve.kinship] if sieve.kinship else "",
            {"kinship": None, "examples": (), "state": State.HELD},
        ),
    ]
    for label, changes in parts:
        if label:
            yield Chip(label, list_address(sieve.but(**changes)))


def _sieved(viewer: Viewer, sieve: Sieve) -> dict[str, Any]:
    blogs = viewer.blogs("moderate")
    return {
        "action": list_address(Sieve()),
        "state": sieve.state.value if sieve.state else ANY,
        "blogs": [blog for blog in page_part("every_blog") if blog.id in blogs],
        "blog": sieve.blog,
        "rules": RULES,
        "rule": sieve.rule,
        "since": sieve.since or "",
        "until": sieve.until or "",
        "text": sieve.text,
        "looks": list(Look),
        "look": sieve.look,
        "has_link": sieve.has_link,
        "is_reported": sieve.is_reported,
        "is_open": False,
        "find": FIND,
        "may_find_addresses": viewer.has_right("administer"),
        "words": list(filter_words(sieve)),
    }


def _tabs(sieve: Sieve, counts: dict[State, int]) -> Iterator[Tab]:
    for state, label in _TABS:
        count = counts[state] if state else None
        to = list_address(sieve.but(state=state))
        yield Tab(to, label, count, is_current=sieve.state is state)


def _choose(sieve: Sieve, count: int, *, is_chosen: bool) -> Link | None:
    address = list_address(sieve)
    if is_chosen:
        return Link(address, "Choose none")
    if count == 1:
        return None
    mark = "&" if "?" in address else "?"
    return Link(f"{address}{mark}choose=page", f"Choose all {count} on this page")


def _all_matching(sieve: Sieve, found: Found, counts: dict[State, int]) -> Link | None:
    if found.next is None and sieve.after is None:
        return None
    known = counts[sieve.state] if sieve.is_plain and sieve.state else None
    label = f"Decide on all {known:,} at once" if known else "Decide on everything in this list"
    query = sieve.but().query
    return Link(f"{ALL}?{query}" if query else ALL, label)


def _next(sieve: Sieve, found: Found) -> Link | None:
    if found.next is None:
        return None
    label = "Look further" if found.gave_up else f"Next {PAGE}"
    return Link(list_address(sieve.but(after=found.next)), label)


def _empty(sieve: Sieve, found: Found) -> dict[str, str]:
    if found.gave_up:
        text = "None of the comments read so far fits. There are more to look through."
        return {"title": "Nothing yet", "text": text}
    if sieve.state is State.HELD and sieve.is_plain:
        text = "Every comment on your blogs has been decided on."
        return {"title": "Nothing waits", "text": text}
    text = "No comment fits this list."
    if sieve.look:
        text = "The sorter says so of none. What came in the last minute is not sorted yet."
    return {"title": "Nothing here", "text": text}


def changed_page(clash: Clash, sieve: Sieve) -> dict[str, Any]:
    """The page that says somebody was faster: who, when, and what it is now."""
    to = case_address(clash.id, sieve)
    values = {"to": to, "back_to": list_address(sieve)}
    who = name_of(clash.decided_by)
    if clash.decided_at is None or who is None:
        sentence = "Its author changed it after you opened the page. Nothing was decided."
        return values | {"heading": "This comment has changed", "sentence": sentence}
    past = next(act.past for act in Act if act.state is clash.state)
    when = age(clash.decided_at, clock.now())
    heading = f"Already {past} by {who} {when}"
    sentence = "You saw it as it was before. Nothing was changed, and nothing was sent twice."
    return values | {"heading": heading, "sentence": sentence}
