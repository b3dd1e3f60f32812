"""One feedback as the desk shows it: everything that is needed, and masks for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from app.core import clock
from app.core.privacy import Viewer
from app.desk import (
    SOMEBODY,
    Author,
    Button,
    Claimed,
    Kin,
    Kinship,
    Tally,
    Why,
    age,
    ban_sentence,
    claim_on,
    counted,
    hosts_of,
    mask_of,
    raw_if_it_says_more,
    whys,
)
from app.moderation import Look, look_of

from ..cards import KINDS
from ..models import Channel, Feedback, State
from .acts import STATE_WORDS, possible
from .sieve import Shelf, Sieve

PATH = "/admin/feedback/"
NAMELESS = "Somebody without a name"
CHANNELS = {
    Channel.FORM: "through the form",
    Channel.CONTACT: "through the contact page",
    Channel.SUPPORT: "by support mail",
}
_SORTED = (State.HELD, State.SPAM)
TONES = {State.HELD: "warn", State.OPEN: "ok"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One feedback on a page of the desk."""

    id: int
    mark: str
    to: str
    #: Its page, opened for writing; to be completed by what is to be written.
    writing: str
    state: State
    tone: str
    state_word: str
    kind: str
    channel: str
    name: str
    created_at: datetime
    age: str
    decided: str | None
    is_public: bool
    is_agreed: bool
    html: str
    raw: str | None
    link_count: int
    hosts: list[str]
    reasons: list[Why]
    author: Author
    acts: tuple[Button, ...]
    notes: int = 0
    reports: str | None = None
    #: What the sorter takes it for, while that helps anybody.
    look: Look | None = None
    claim: Claimed | None = None


@dataclass(frozen=True)
class Setting:
    """What all rows of a page have in common."""

    viewer: Viewer
    sieve: Sieve
    kin: Mapping[int, Kin]
    #: From the page at hand to the list; a list is shorter with relative addresses.
    base: str = ""


def row_of(found: Any, setting: Setting) -> Row:
    """The row of one result of `listed`."""
    feedback: Feedback = found.Feedback
    kin = setting.kin.get(feedback.id, Kin())
    text, shown = _words(found, setting.viewer)
    links, hosts = hosts_of(shown)
    to = setting.base + item_address(feedback.id, setting.sieve).removeprefix(PATH)
    words = {"text": text, "name": feedback.sender_name or ""}
    return Row(
        id=feedback.id,
        mark=f"{feedback.id}.{feedback.revision}",
        to=to,
        writing=f"{to}{'&' if '?' in to else '?'}for=",
        state=feedback.state,
        tone="ok" if found.is_public else TONES.get(feedback.state, "bad"),
        state_word="public" if found.is_public else STATE_WORDS[feedback.state],
        kind=KINDS[feedback.kind],
        channel=CHANNELS[feedback.channel],
        name=feedback.sender_name or NAMELESS,
        created_at=feedback.created_at,
        age=age(feedback.created_at, clock.now()),
        decided=_decided(feedback, kin),
        is_public=found.is_public,
        is_agreed=found.is_agreed,
        html=shown,
        raw=raw_if_it_says_more(text, shown),
        link_count=links,
        hosts=hosts,
        reasons=whys(feedback.reasons, words) if feedback.state is State.HELD else [],
        acts=buttons(feedback.state, is_public=found.is_public),
        author=_author(feedback, kin, setting),
        notes=kin.notes,
        reports=counted(kin.reports, "open report", "open reports") if kin.reports else None,
        look=_look(feedback, kin),
        claim=_claim(feedback, kin, setting.viewer),
    )


def buttons(state: State | None, *, is_public: bool = False) -> tuple[Button, ...]:
    """What may be done to a feedback as it is."""
    acts = possible(state, is_public=is_public) if state else possible(State.HELD)
    return tuple(Button(act.value, act.label(state), act.tone) for act in acts)


def item_address(number: int, sieve: Sieve) -> str:
    """The page of one feedback, which remembers from which list it was opened."""
    start = f"?from={quote(sieve.query, safe='')}" if sieve.query else ""
    return f"{PATH}{number}/{start}"


def _words(found: Any, viewer: Viewer) -> tuple[str, str]:
    """Text and HTML; what was cut from the public copy only administrators still read."""
    feedback: Feedback = found.Feedback
    if found.cut_text is None or viewer.administers(feedback.blog_id):
        return feedback.text, feedback.html
    return found.cut_text, found.cut_html


def _author(feedback: Feedback, kin: Kin, setting: Setting) -> Author:
    may = setting.viewer.administers(feedback.blog_id)
    parts = ((kin.shown, "open"), (kin.rejected, "declined"), (kin.spam, "spam"))
    before = f"{', '.join(f'{number} {word}' for number, word in parts if number)} before"
    same = counted(kin.same_address, "other", "others")
    near = counted(kin.neighbours, "other", "others")
    by_address, by_network = (Kinship.ADDRESS, Kinship.NEAR) if may else (None, None)
    return Author(
        mask_of(feedback, "sender_email"),
        feedback.proved_at is not None,
        mask_of(feedback, "sender_ip") if may else "",
        _tally(sum(number for number, _ in parts), before, Kinship.AUTHOR, feedback, setting),
        _tally(kin.same_address, same, by_address, feedback, setting),
        _tally(kin.neighbours, near, by_network, feedback, setting),
        ban_sentence(kin.banned_until, at=clock.now()),
    )


def _tally(
    total: int, sentence: str, kinship: Kinship | None, feedback: Feedback, setting: Setting
) -> Tally:
    if kinship is None:
        return Tally(total, sentence)
    sieve = Sieve(shelf=Shelf.ALL, kinship=kinship, examples=(feedback.id,))
    return Tally(total, sentence, f"{setting.base}?{sieve.query}")


def _decided(feedback: Feedback, kin: Kin) -> str | None:
    if feedback.decided_at is None or feedback.decided_by is None:
        return None
    return f"by {kin.decided_by or SOMEBODY} {age(feedback.decided_at, clock.now())}"


def _look(feedback: Feedback, kin: Kin) -> Look | None:
    is_of_use = feedback.state in _SORTED and kin.percent is not None
    return look_of(kin.percent or 0) if is_of_use else None


def _claim(feedback: Feedback, kin: Kin, viewer: Viewer) -> Claimed | None:
    settled_at = feedback.decided_at or feedback.created_at
    at = clock.now()
    return claim_on(kin.claimed_by, kin.claimed_at, viewer, settled_at=settled_at, at=at)
