"""Words to publish that run out: asked again a month before, and over when nobody answers."""

from datetime import timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction

from .asking import ask_renewal
from .models import Channel, Feedback
from .records import Ask, Asked, End, Grant, Wording
from .signals import feedback_withdrawn
from .standing import end_approvals, end_grants, live_grants, locked, public_hash

ASKED_BEFORE = timedelta(days=30)
BATCH = 200


def ask_again() -> int:
    """Ask senders whose word runs out within a month, each once; how many grants that were."""
    return sum(_ask(number, grant_id) for number, grant_id in _running_out())


def end_expired() -> int:
    """Take down what was not agreed to anew; how many feedbacks that were."""
    over = sa.select(Grant.feedback_id).where(Grant.live.is_(True), Grant.ends_at <= clock.now())
    numbers = list(db.session.scalars(over.distinct()))
    for number in numbers:
        _end(number)
    return len(numbers)


def _running_out() -> list[tuple[int, int]]:
    soon = clock.now() + ASKED_BEFORE
    asked = sa.exists().where(
        Ask.feedback_id == Grant.feedback_id,
        Ask.text_hash == Grant.text_hash,
        Ask.about == Asked.RENEWAL,
        Ask.asked_at >= Grant.given_at,
        Ask.asked_at > clock.now() - 2 * ASKED_BEFORE,
    )
    query = (
        sa.select(Grant.feedback_id, Grant.id)
        .join(Feedback, Feedback.id == Grant.feedback_id)
        .where(Grant.live.is_(True), Grant.ends_at <= soon, Grant.ends_at > clock.now(), ~asked)
        # The others see on their private page when it ends.
        .where(Feedback.sender_email_lookup.is_not(None))
        .where(sa.or_(Feedback.proved_at.is_not(None), Feedback.channel == Channel.SUPPORT))
    )
    rows = db.session.execute(query.order_by(Grant.ends_at).limit(BATCH))
    return [(row.feedback_id, row.id) for row in rows]


def _ask(number: int, grant_id: int) -> bool:
    with transaction() as session:
        feedback: Feedback = locked(session, number)
        grant = next((g for g in live_grants(session, number) if g.id == grant_id), None)
        if grant is None:
            return False
        wording = session.scalars(
            sa.select(Wording).where(
                Wording.feedback_id == number, Wording.text_hash == grant.text_hash
            )
        ).one()
        ask_renewal(session, feedback, wording)
    return True


def _end(number: int) -> None:
    with transaction() as session:
        feedback = locked(session, number)
        before = public_hash(session, number)
        at = clock.now()
        over = [grant for grant in live_grants(session, number) if grant.ends_at <= at]
        texts = [grant.text_hash for grant in over]
        end_grants(session, feedback, End.EXPIRED, *over)
        for text_hash in texts:
            end_approvals(session, feedback, only=text_hash)
        after = public_hash(session, number)
    if before is not None and after is None:
        feedback_withdrawn.send(number=number)
