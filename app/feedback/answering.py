"""The exchange about a feedback: the site answers officially, and its sender may answer once."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict
from app.core.markup import REMARK_VERSION, render_remark
from app.moderation import may_author_take_part

from .letters import tell_sender
from .models import Feedback
from .records import Answer, Maker
from .signals import feedback_published
from .standing import locked, public_hash

LONGEST_ANSWER = 5_000


class NotYourTurn(Conflict):
    """There is nothing to answer, or it was answered."""

    title = "There is nothing to answer"
    message = "You can answer once to each thing that we wrote, and have, or we wrote nothing."
    advice = "What you typed is below. You can send it as new feedback."


def exchange(feedback_id: int) -> list[Answer]:
    """What was said about a feedback, in order."""
    said = sa.select(Answer).where(Answer.feedback_id == feedback_id).order_by(Answer.number)
    return list(db.session.scalars(said))


def may_answer(said: list[Answer]) -> bool:
    """Whether it is the sender's turn: the site spoke last, and this was not answered yet."""
    return bool(said) and said[-1].by is Maker.ADMINISTRATOR


def answer_officially(feedback_id: int, text: str, *, by: int | None) -> int:
    """Answer for the site, in public while the feedback is; its place in the exchange.

    The sender is told, and may answer once.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        number = _say(session, feedback, Maker.ADMINISTRATOR, (text, by))
        tell_sender(feedback, "answered")
        is_public = public_hash(session, feedback_id) is not None
    if is_public:
        feedback_published.send(number=feedback_id)
    return number


def answer_back(feedback_id: int, text: str, ip: str | None = None) -> None:
    """The sender's one answer, for the people of the room. Raises `NotYourTurn` and `Banned`."""
    with transaction() as session:
        feedback = locked(session, feedback_id)
        may_author_take_part(feedback, ip, attribute="sender_email")
        said = exchange(feedback_id)
        if said and said[-1].by is Maker.SENDER and said[-1].text == text:
            return
        if not may_answer(said):
            raise NotYourTurn
        _say(session, feedback, Maker.SENDER, (text, None))


def _say(session: Session, feedback: Feedback, by: Maker, words: tuple[str, int | None]) -> int:
    text, user_id = words
    at = clock.now()
    last = sa.select(sa.func.max(Answer.number)).where(Answer.feedback_id == feedback.id)
    number = (session.scalar(last) or 0) + 1
    session.add(
        Answer(
            feedback_id=feedback.id,
            number=number,
            by=by,
            text=text,
            html=render_remark(text),
            html_version=REMARK_VERSION,
            created_at=at,
            user_id=user_id,
        )
    )
    feedback.quiet_from = max(at, feedback.quiet_from or at)
    return number
