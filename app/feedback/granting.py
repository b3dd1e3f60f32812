"""What senders decide about their feedback: let it be public, change how, take it back.

Each act is one transaction and one entry of the audit chain; doing it again changes nothing.
A grant is never changed. Whatever differs ends it, which takes the card down with it, and a
new grant puts the card up again where the approval still covers what it says.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Conflict

from .credits import Signature, says_no_more
from .models import Channel, Feedback
from .records import Ask, End, Grant, How, Reply, Wording
from .signals import feedback_published, feedback_withdrawn
from .standing import (
    NotForPublic,
    agreed,
    end_approvals,
    end_grants,
    live_grants,
    locked,
    public_hash,
    put_card,
    put_grant,
    put_wording,
)


class WordsGone(Conflict):
    """The words that were to be agreed to are not there any more."""

    title = "These words are no longer proposed"
    message = "They were replaced or taken back while the page was open."
    advice = "Open your private page again to see how things stand. Nothing has changed."


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a sender agrees to: which words, how they are signed, and where they may stand.

    The words are their own (`text`), or ones that are kept here already (`text_hash`);
    without either, the text as it was sent.
    """

    signature: Signature
    on_home: bool = False
    text: str | None = None
    text_hash: bytes | None = None


def let_be_public(feedback_id: int, terms: Terms, *, channel: Channel = Channel.FORM) -> None:
    """A sender lets exact words be public; they are, once somebody approves.

    What is public already stays so if the new terms say no more of its sender than was
    approved, and waits for an approval otherwise. Raises `NotForPublic`, and `WordsGone`
    for words that this feedback does not have.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        if not feedback.may_become_public:
            raise NotForPublic
        text_hash = _words(session, feedback, terms)
        before = public_hash(session, feedback_id)
        old = next((g for g in live_grants(session, feedback_id) if g.text_hash == text_hash), None)
        if old is None or not _says(old, terms):
            _regrant(session, feedback, old, (text_hash, terms, channel))
        answer_ask(session, feedback_id, text_hash, Reply.AGREED)
        after = public_hash(session, feedback_id)
    _tell(feedback_id, before, after)


def renew(feedback_id: int, *, channel: Channel = Channel.FORM) -> None:
    """A sender says again, in today's words, that what is granted may stay; for another while."""
    with transaction() as session:
        feedback = locked(session, feedback_id)
        for old in live_grants(session, feedback_id):
            terms = Terms(signature=_signed(old), on_home=old.on_home)
            _regrant(session, feedback, old, (old.text_hash, terms, channel))
            answer_ask(session, feedback_id, old.text_hash, Reply.AGREED)


def withdraw(feedback_id: int, why: End = End.WITHDRAWN) -> None:
    """Take the word back: nothing of it is public from the next request on."""
    with transaction() as session:
        feedback = locked(session, feedback_id)
        before = public_hash(session, feedback_id)
        grants = live_grants(session, feedback_id)
        if not grants:
            return
        end_grants(session, feedback, why, *grants)
        end_approvals(session, feedback)
        feedback.quiet_from = clock.now()
    _tell(feedback_id, before, None)


def decline(feedback_id: int, text_hash: bytes) -> None:
    """A sender answers no to what was asked; nobody asks again for a year."""
    with transaction() as session:
        locked(session, feedback_id)
        answer_ask(session, feedback_id, text_hash, Reply.DECLINED)


def answer_ask(session: Session, feedback_id: int, text_hash: bytes, reply: Reply) -> None:
    """Note what was answered to the questions about a wording that are open."""
    asked = sa.update(Ask).where(
        Ask.feedback_id == feedback_id, Ask.text_hash == text_hash, Ask.reply.is_(None)
    )
    session.execute(asked.values(reply=reply, answered_at=clock.now()))


def _words(session: Session, feedback: Feedback, terms: Terms) -> bytes:
    if terms.text_hash is None:
        text = feedback.text if terms.text is None else terms.text
        how = How.ORIGINAL if text == feedback.text else How.REWORDED
        return put_wording(session, feedback, text, how=how).text_hash
    known = sa.select(Wording.text).where(
        Wording.feedback_id == feedback.id, Wording.text_hash == terms.text_hash
    )
    if not session.scalar(known):
        raise WordsGone
    return terms.text_hash


def _regrant(
    session: Session, feedback: Feedback, old: Grant | None, new: tuple[bytes, Terms, Channel]
) -> None:
    """Put a grant in the place of another, and its card back up where the approval covers it."""
    text_hash, terms, channel = new
    was_public = public_hash(session, feedback.id) == text_hash
    is_covered = old is not None and says_no_more(terms.signature, _signed(old))
    said = agreed(text_hash, terms.signature, on_home=terms.on_home, channel=channel)
    if old is not None:
        end_grants(session, feedback, End.REPLACED, old)
    put_grant(session, feedback, said)
    if not is_covered:
        end_approvals(session, feedback, only=text_hash)
    elif was_public:
        put_card(session, feedback.id, text_hash)


def _signed(grant: Grant) -> Signature:
    return Signature(grant.credit, grant.credit_line)


def _says(grant: Grant, terms: Terms) -> bool:
    return _signed(grant) == terms.signature and grant.on_home == terms.on_home


def _tell(feedback_id: int, before: bytes | None, after: bytes | None) -> None:
    """Tell whoever listens, after the commit."""
    if after is not None:
        feedback_published.send(number=feedback_id)
    elif before is not None:
        feedback_withdrawn.send(number=feedback_id)
