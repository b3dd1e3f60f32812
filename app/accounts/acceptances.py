"""Giving one's word: the confidentiality agreement, accepted with a typed name (decision 0032)."""

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict, Unavailable
from app.core.privacy import record

from .agreement import Agreement, current_agreement
from .models import Acceptance, User


class AgreementChanged(Conflict):
    """The text is another one than the person has read."""

    title = "The agreement has changed meanwhile"
    message = "While you were reading, this site got a new text. Your word was not taken for it."
    advice = "Open the page again, read the new text, and decide."


def agreement_to_accept() -> Agreement:
    """The text that holds now. Raises `Unavailable` when it cannot be read."""
    agreement = current_agreement()
    if agreement is None:
        raise Unavailable(
            "The confidentiality agreement cannot be read, so it cannot be accepted, and nobody "
            "can look at personal data until it can.",
            advice="Tell whoever runs this site; the log names the file.",
        )
    return agreement


def acceptance_of(user_id: int, agreement: Agreement) -> Acceptance | None:
    """A person's acceptance of these very words."""
    return db.session.scalar(
        sa.select(Acceptance)
        .where(
            Acceptance.user_id == user_id,
            Acceptance.version == agreement.version,
            Acceptance.text_hash == agreement.digest,
        )
        .order_by(Acceptance.id)
        .limit(1)
    )


def accept_agreement(user: User, typed_name: str, read_digest: str) -> None:
    """Keep a person's word for the text with that digest; giving it twice changes nothing.

    Raises `AgreementChanged` when another text holds by now.
    """
    agreement = agreement_to_accept()
    if read_digest != agreement.digest:
        raise AgreementChanged
    with transaction() as session:
        session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
        if acceptance_of(user.id, agreement):
            return
        session.add(
            Acceptance(
                user_id=user.id,
                version=agreement.version,
                text_hash=agreement.digest,
                typed_name=typed_name,
                accepted_at=clock.now(),
            )
        )
        facts = {"version": agreement.version, "digest": agreement.digest[:16]}
        record("agreement_accepted", session, actor_id=user.id, subject_uid=user.uid, facts=facts)
