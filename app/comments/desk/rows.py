"""One comment as a moderator's page shows it: everything that is needed, and masks for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    excerpt,
    history_sentence,
    hosts_of,
    mask_of,
    raw_if_it_says_more,
    whys,
)
from app.moderation import Look, look_of

from ..keeping import goes_at
from ..models import Comment, State
from ..queries import is_paged
from .acts import STATE_WORDS, possible
from .headlines import PATH
from .sieve import Sieve

TONES = {State.HELD: "warn", State.SHOWN: "ok"}
#: What waits is erased undecided in the end; this much earlier its row says so.
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Above:
    """The comment that another one answers."""

    name: str
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comment on a moderator's page."""

    id: int
    mark: str
    to: str
    #: Its page, opened for writing; to be completed by what is to be written.
    writing: str
    state: State
    tone: str
    state_word: str
    show_state: bool
    name: str
    is_by_author: bool
    created_at: datetime
    age: str
    decided: str | None
    blog_title: str
    post_title: str
    address: str
    parent: Above | None
    html: str
    raw: str | None
    link_count: int
    hosts: list[str]
    reasons: list[Why]
    has_edit: bool
    author: Author
    acts: tuple[Button, ...]
    may_reply: bool
    notes: int = 0
    reports: str | None = None
    #: What the sorter takes it for, while that helps anybody.
    look: Look | None = None
    claim: Claimed | None = None
    #: When it is erased, where that is soon or what everybody waits for.
    goes_at: datetime | None = None


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
    comment: Comment = found.Comment
    kin = setting.kin.get(comment.id, Kin())
    links, hosts = hosts_of(comment.html)
    to = setting.base + case_address(comment.id, setting.sieve).removeprefix(PATH)
    return Row(
        id=comment.id,
        mark=f"{comment.id}.{comment.revision}",
        to=to,
        writing=f"{to}{'&' if '?' in to else '?'}for=",
        state=comment.state,
        tone=TONES.get(comment.state, "bad"),
        state_word=STATE_WORDS[comment.state],
        show_state=comment.state is not setting.sieve.state,
        name=comment.author_name,
        is_by_author=comment.is_by_author,
        created_at=comment.created_at,
        age=age(comment.created_at, clock.now()),
        decided=_decided(comment, kin),
        blog_title=found.blog_title if len(setting.viewer.blogs("moderate")) > 1 else "",
        post_title=found.post_title,
        address=_address(found),
        parent=_parent(found),
        html=comment.html,
        raw=raw_if_it_says_more(comment.text, comment.html),
        link_count=links,
        hosts=hosts,
        reasons=whys(comment.reasons, _judged(comment)),
        has_edit=comment.pending_text is not None,
        acts=buttons(comment),
        may_reply=comment.state in (State.HELD, State.SHOWN),
        author=_author(comment, setting),
        notes=kin.notes,
        reports=counted(kin.reports, "open report", "open reports") if kin.reports else None,
        look=None if kin.percent is None else look_of(kin.percent),
        claim=_claim(comment, kin, setting.viewer),
        goes_at=_goes_at(comment),
    )


def _judged(comment: Comment) -> dict[str, str]:
    """The words that reasons point into: those of a change, where one waits."""
    return {"text": comment.pending_text or comment.text, "name": comment.author_name}


def buttons(comment: Comment) -> tuple[Button, ...]:
    """What may be done to a comment as it is."""
    has_edit = comment.pending_text is not None
    return tuple(
        Button(act.value, act.label(comment.state, has_edit=has_edit), act.tone)
        for act in possible(comment.state, has_edit=has_edit)
    )


def case_address(comment_id: int, sieve: Sieve) -> str:
    """The page of one comment, which remembers from which list it was opened."""
    start = f"?from={quote(sieve.query, safe='')}" if sieve.query else ""
    return f"{PATH}{comment_id}/{start}"


def _author(comment: Comment, setting: Setting) -> Author:
    administers = setting.viewer.administers(comment.blog_id)
    kin = setting.kin.get(comment.id, Kin())
    earlier = history_sentence(kin.shown, kin.rejected, kin.spam)
    same = counted(kin.same_address, "other comment", "other comments")
    near = counted(kin.neighbours, "other", "others")
    by_address = Kinship.ADDRESS if administers else None
    by_network = Kinship.NEAR if administers else None
    return Author(
        mask_of(comment, "author_email"),
        comment.proved_at is not None,
        mask_of(comment, "author_ip") if administers else "",
        _tally(kin.shown + kin.rejected + kin.spam, earlier, Kinship.AUTHOR, comment, setting),
        _tally(kin.same_address, same, by_address, comment, setting),
        _tally(kin.neighbours, near, by_network, comment, setting),
        ban_sentence(kin.banned_until, at=clock.now()),
    )


def _tally(
    total: int, sentence: str, kinship: Kinship | None, comment: Comment, setting: Setting
) -> Tally:
    if kinship is None:
        return Tally(total, sentence)
    sieve = Sieve(state=None, kinship=kinship, examples=(comment.id,))
    return Tally(total, sentence, f"{setting.base}?{sieve.query}")


def _decided(comment: Comment, kin: Kin) -> str | None:
    if comment.decided_at is None or comment.decided_by is None:
        return None
    return f"by {kin.decided_by or SOMEBODY} {age(comment.decided_at, clock.now())}"


def _claim(comment: Comment, kin: Kin, viewer: Viewer) -> Claimed | None:
    settled_at = comment.decided_at or comment.created_at
    at = clock.now()
    return claim_on(kin.claimed_by, kin.claimed_at, viewer, settled_at=settled_at, at=at)


def _goes_at(comment: Comment) -> datetime | None:
    at = goes_at(comment)
    is_far = at is not None and at - clock.now() > SOON
    return None if comment.state is State.HELD and is_far else at


def _address(found: Any) -> str:
    """Where readers find the comment, or the post while they do not."""
    home, comment = f"/{found.blog_slug}/{found.post_slug}/", found.Comment
    if not comment.is_shown:
        return home
    page = f"comments/page/{comment.page}/" if is_paged(found) and comment.page > 1 else ""
    return f"{home}{page}#c{comment.id}"


def _parent(found: Any) -> Above | None:
    if found.parent_name is None:
        return None
    return Above(found.parent_name or "a removed comment", excerpt(found.parent_text))
