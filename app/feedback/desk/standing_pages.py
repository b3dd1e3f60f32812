"""Where a feedback stands between its sender and the public, as an administrator's page says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import users_by_id
from app.core import clock
from app.core.database import db
from app.desk import SOMEBODY, age
from app.moderation import LookedOver, look_over

from ..answering import exchange
from ..asking import may_ask
from ..cards import CardView, card_view
from ..letters import may_be_written_to
from ..models import Feedback, Kind, State
from ..records import Ask, Asked, Grant, Maker, Reply, Wording
from ..redaction import CUT, sentences_of
from ..standing import public_hash
from .item_queries import approvals_of, asks_of, granted_of, shortened_from

_ASKED = {
    Asked.PUBLISH: "Asked whether it may be public",
    Asked.WORDING: "Asked to agree to other words",
    Asked.RENEWAL: "Asked whether it may stay public",
}
_REPLIED = {Reply.AGREED: "they agreed", Reply.DECLINED: "they said no"}


@dataclass(frozen=True)
class Candidate:
    """Words that could be made public at once, as their card, and where that would stand."""

    key: str
    #: The same with the grant it was read with.
    seen: str
    view: CardView
    places: str
    ends_at: datetime
    looked: LookedOver
    is_public: bool
    is_shortened: bool


@dataclass(frozen=True)
class Step:
    """One thing that happened on the way: a question and its answer, an approval and its end."""

    sentence: str
    at: datetime
    age: str


@dataclass(frozen=True)
class Saying:
    """One answer: the site's, or the sender's to that."""

    who: str
    html: str
    at: datetime
    age: str


@dataclass(frozen=True)
class Standing:
    """What is public or could be, and what may be asked."""

    candidates: tuple[Candidate, ...]
    steps: tuple[Step, ...]
    may_ask: bool
    #: Why nothing of it can become public, or nobody can be asked; empty when neither.
    sentence: str
    said: tuple[Saying, ...]
    #: Whether an answer would reach the sender by mail.
    is_told: bool

    @property
    def public(self) -> Candidate | None:
        """What is public now."""
        return next((one for one in self.candidates if one.is_public), None)


def standing_of(feedback: Feedback) -> Standing:
    """Where a feedback stands; for administrators of its room."""
    granted = granted_of(feedback) if feedback.may_become_public else []
    public = public_hash(db.session(), feedback.id)
    by_hash = {wording.text_hash: grant for grant, wording in granted}
    shown = list(granted)
    for wording in shortened_from(feedback, list(by_hash)):
        if wording.made_from and wording.text_hash not in by_hash:
            shown.append((by_hash[wording.made_from], wording))
    return Standing(
        tuple(_candidate(feedback, grant, wording, public) for grant, wording in shown),
        tuple(_steps(feedback)),
        feedback.may_become_public and may_ask(feedback, clock.now()),
        _sentence(feedback, has_grant=bool(granted)),
        tuple(_sayings(feedback)),
        may_be_written_to(feedback),
    )


def cutting_page(base: Wording, draft: str) -> dict[str, Any]:
    """What the page for shortening shows: the draft, its sentences, and what looks personal."""
    return {
        "draft": draft,
        "sentences": [
            {"value": f"{start}-{end}", "text": draft[start:end]}
            for start, end in sentences_of(draft)
            if draft[start:end] != CUT
        ],
        "looked": look_over(draft),
        "base": base.text,
    }


def _candidate(
    feedback: Feedback, grant: Grant, wording: Wording, public: bytes | None
) -> Candidate:
    wall = "The feedback page, its feed and the search"
    return Candidate(
        wording.text_hash.hex(),
        f"{wording.text_hash.hex()}.{grant.id}",
        card_view(feedback, wording.html, wording.how, grant.credit_line),
        f"{wall}, and quotes on the home page" if grant.on_home else wall,
        grant.ends_at,
        look_over(wording.text),
        wording.text_hash == public,
        wording.text_hash != grant.text_hash,
    )


def _steps(feedback: Feedback) -> list[Step]:
    """What was asked and approved, the newest first."""
    approvals, now = approvals_of(feedback), clock.now()
    people = users_by_id({row.approved_by for row in approvals if row.approved_by})
    said = [(_asked(ask), ask.asked_at) for ask in asks_of(feedback)]
    for approval in approvals:
        user = people.get(approval.approved_by or 0)
        said.append((f"Approved by {user.username if user else SOMEBODY}", approval.approved_at))
        if approval.ended_at:
            said.append(("That approval ended", approval.ended_at))
    said.sort(key=lambda each: each[1], reverse=True)
    return [Step(sentence, at, age(at, now)) for sentence, at in said]


def _asked(ask: Ask) -> str:
    return f"{_ASKED[ask.about]}: {_REPLIED[ask.reply] if ask.reply else 'no answer yet'}"


def _sentence(feedback: Feedback, *, has_grant: bool) -> str:
    if feedback.kind is Kind.MESSAGE:
        return "This is a message to the site alone. It cannot become public."
    if feedback.state not in (State.HELD, State.OPEN):
        return "It was decided against, so it cannot become public."
    if has_grant:
        return ""
    if not may_be_written_to(feedback):
        return (
            "Its sender has not agreed to publish it, and cannot be asked: there is no email, or "
            "nobody has said that it is theirs."
        )
    if not may_ask(feedback, clock.now()):
        return (
            "Its sender has not agreed to publish it, and was asked: nobody is asked again within "
            "twelve months of a no, or of no answer."
        )
    return "Its sender has not agreed to publish it."


def _sayings(feedback: Feedback) -> Iterator[Saying]:
    said = exchange(feedback.id)
    people = users_by_id({answer.user_id for answer in said if answer.user_id})
    for answer in said:
        user = people.get(answer.user_id or 0)
        who = "The sender" if answer.by is Maker.SENDER else user.username if user else SOMEBODY
        at = answer.created_at
        yield Saying(who, answer.html, at, age(at, clock.now()))
