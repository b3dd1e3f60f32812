"""Making agreed words public: after a look at what in them seems personal, and cut if need be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database import db, transaction
from app.core.errors import Conflict, Unacceptable
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import Viewer
from app.moderation import leaks_in

from ..approving import NotGranted, approve
from ..models import Feedback
from ..records import How, Maker, Wording
from ..redaction import is_redaction_of
from ..seals import hash_of
from ..standing import locked
from .writing import keep_note

LONGEST_WHY = 200


#: Said of a text that says something else than the one it should have been cut from.
NOT_A_REDACTION = (
    "Only cuts marked […] and spans blacked out with █████ are yours to make, and a mark must "
    "stand for something. For any other wording, ask the sender to agree."
)


class LooksPersonal(Unacceptable):
    """Words that look like personal data, which nobody has answered for."""

    title = "Something in it looks personal"
    message = "Black it out, or write beside it why it may be public. Nothing was published."


class NotForPublic(Conflict):
    """Nothing of this feedback can become public, so there is nothing to ask for."""

    title = "This cannot become public"
    message = "It is a private message, or it was decided against."
    advice = "Nothing was sent."


@dataclass(frozen=True)
class Seen:
    """The words that an administrator read, and the grant that they read with them."""

    text_hash: bytes
    grant_id: int


def publish(viewer: Viewer, feedback: Feedback, seen: Seen, answers: Mapping[str, str]) -> None:
    """Approve exact words that their sender lets be public.

    `answers` say, for each leak by its choice, why it may be public; they are kept as a note.
    Raises `LooksPersonal` when one is missing, `NotGranted` for words nobody agreed to, and
    `GrantChanged` when the sender has changed how since they were read.
    """
    said = []
    for leak in leaks_in(_text(feedback, seen.text_hash)):
        why = answers.get(leak.choice, "").strip()[:LONGEST_WHY]
        if not why:
            raise LooksPersonal
        said.append(f"Public although it looks like {leak.kind.words}: {why}")
    if said:
        keep_note(viewer, feedback, "\n".join(said)[:1_000])
    approve(feedback.id, seen.text_hash, by=viewer.id, seen=seen.grant_id)


def keep_shortened(viewer: Viewer, feedback: Feedback, base: Wording, text: str) -> bool:
    """Keep a shortened wording for approval; `False` when it is no redaction of its base."""
    if not is_redaction_of(base.text, text):
        return False
    text_hash = hash_of(text)
    made: dict[str, Any] = {"made_from": base.text_hash, "made_by_id": viewer.id}
    with transaction() as session:
        locked(session, feedback.id)
        known = session.scalar(_called(feedback, text_hash))
        if known is None:
            wording = Wording(
                feedback_id=feedback.id,
                text_hash=text_hash,
                text=text,
                html=render_remark(text),
                html_version=REMARK_VERSION,
                how=How.SHORTENED,
                made_by=Maker.ADMINISTRATOR,
                **made,
            )
            session.add(wording)
        elif known.how is How.SHORTENED:
            # Cut before from a longer text that is not what is granted now.
            known.made_from = base.text_hash
    return True


def must_be_publishable(feedback: Feedback) -> None:
    """Raise `NotForPublic` for what can never become public as it stands."""
    if not feedback.may_become_public:
        raise NotForPublic


def _text(feedback: Feedback, text_hash: bytes) -> str:
    """The words of a hash. Raises `NotGranted` for those that were never there."""
    wording = db.session.scalar(_called(feedback, text_hash))
    if wording is None or not wording.text:
        raise NotGranted
    return wording.text


def _called(feedback: Feedback, text_hash: bytes) -> Any:
    return sa.select(Wording).where(
        Wording.feedback_id == feedback.id, Wording.text_hash == text_hash
    )
