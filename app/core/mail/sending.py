"""Sending what waits: each mail is one worker's, and none is lost or hurried.

Nothing here runs while a visitor waits. A mail is claimed in one transaction, handed
over outside of any, and marked in another, so a worker that dies in between leaves a
claim that runs out; the mail is then sent again under the same message id.
"""

import logging
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import Unreadable, open_for

from .outbox import MailState, OutgoingMail
from .render import Words, compose
from .transport import Undelivered, file_name, kept_folder, transport

log = logging.getLogger(__name__)

MOST_FOR_ONE = 5
#: How much of the site's ceiling is for mail that nobody waits for: a flood of comments must
#: not keep anybody from signing in.
SHARE_OF_THE_PATIENT = 0.8
HOUR = timedelta(hours=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=24)
#: How long the others wait when the server failed; one of them asks again after that.
PAUSE_OF_ALL = timedelta(minutes=1)
LIFE_OF_CLAIM = timedelta(minutes=10)
#: Other jobs of this worker wait no longer than this, and the letter at hand.
SECONDS_AT_A_TIME = 20
_OUT = (MailState.SENT, MailState.KEPT)
_random = secrets.SystemRandom()


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """A mail that is ours to send."""

    mail_id: int
    #: What a file of it is called.
    name: str
    recipient: str = field(repr=False)
    letter: EmailMessage = field(repr=False)


def send_due() -> int:
    """Send what is due, for a while; how many mails left the house."""
    at = clock.now()
    if not _is_anything_due(at):
        return 0
    with transaction() as session:
        _free_lost_claims(session, at)
        _give_up_old(session, at)
    sent = 0
    until = time.monotonic() + SECONDS_AT_A_TIME
    with transport() as way:
        while time.monotonic() < until and (claim := _claim_next()) is not None:
            try:
                way.send(claim.letter, to=claim.recipient, name=claim.name)
            except Undelivered as problem:
                _put_back(claim, problem)
                if problem.is_general:
                    break
            else:
                _finish(claim, way.state)
                sent += 1
    return sent


def hurry() -> None:
    """Let everything that waits be due now."""
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.state == MailState.WAITING)
            .values(due_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def is_waiting(template: str) -> bool:
    """Whether a mail of this template has not been sent yet; a reason to write no further one."""
    query = sa.select(
        sa.exists().where(
            OutgoingMail.template == template,
            OutgoingMail.state.in_((MailState.WAITING, MailState.SENDING)),
        )
    )
    return bool(db.session.scalar(query))


def tidy() -> int:
    """Delete finished mails, and kept letters, whose time is over; how many mails."""
    before = clock.now() - timedelta(days=current_app.config["KEEP_MAIL_DAYS"])
    with transaction() as session:
        gone = session.execute(
            sa.delete(OutgoingMail)
            .where(OutgoingMail.finished_at < before)
            .execution_options(synchronize_session=False)
        )
    folder = kept_folder()
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
    return gone.rowcount  # type: ignore[attr-defined]


def forget_recipients(feature: str) -> int:
    """Forget to whom the mails of a feature went that are out of the house; how many."""
    with transaction() as session:
        forgotten = session.execute(
            sa.update(OutgoingMail)
            .where(
                OutgoingMail.template.startswith(f"{feature}/", autoescape=True),
                OutgoingMail.state.in_(_OUT),
                OutgoingMail.recipient.is_not(None),
            )
            .values(recipient=None, recipient_lookup=None)
            .execution_options(synchronize_session=False)
        )
    return forgotten.rowcount  # type: ignore[attr-defined]


def _is_anything_due(at: datetime) -> bool:
    """Whether the write lock is worth taking."""
    due = sa.and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= at)
    query = sa.select(sa.exists().where(sa.or_(due, OutgoingMail.state == MailState.SENDING)))
    return bool(db.session.scalar(query))


def _free_lost_claims(session: Session, at: datetime) -> None:
    """Let go what a worker took and, as it seems, died with."""
    session.execute(
        sa.update(OutgoingMail)
        .where(
            OutgoingMail.state == MailState.SENDING,
            OutgoingMail.claimed_at < at - LIFE_OF_CLAIM,
        )
        .values(state=MailState.WAITING, due_at=at)
        .execution_options(synchronize_session=False)
    )


def _give_up_old(session: Session, at: datetime) -> None:
    given_up = session.scalars(
        sa.select(OutgoingMail).where(
            OutgoingMail.state == MailState.WAITING, OutgoingMail.expires_at <= at
        )
    )
    for mail in given_up:
        mail.give_up(at, mail.problem or "Its turn did not come in five days.")
        log.error("mail given up", extra={"mail": mail.id, "template": mail.template})


def _claim_next() -> _Claim | None:
    """Take the next mail that may go; `None` when there is none, or too many went already."""
    at = clock.now()
    with transaction() as session:
        went = session.scalar(
            sa.select(sa.func.count())
            .select_from(OutgoingMail)
            .where(OutgoingMail.finished_at > at - HOUR, OutgoingMail.state.in_(_OUT))
        )
        most = current_app.config["MAIL_PER_HOUR"]
        if (went or 0) >= most:
            return None
        is_full = (went or 0) >= most * SHARE_OF_THE_PATIENT
        while (mail := _next_due(session, at, urgent_only=is_full)) is not None:
            later = _not_before(session, mail, at)
            if later is not None:
                mail.wait(later, f"More than {MOST_FOR_ONE} an hour for this recipient.")
                session.flush()
                continue
            try:
                claim = _opened(mail)
            except (Unreadable, ValueError, MessageError):
                mail.give_up(at, "It cannot be opened any more, or is no letter.")
                session.flush()
                continue
            mail.state = MailState.SENDING
            mail.claimed_at = at
            mail.attempts += 1
            return claim
    return None


def _next_due(session: Session, at: datetime, *, urgent_only: bool) -> OutgoingMail | None:
    query = (
        sa.select(OutgoingMail)
        .where(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= at)
        .order_by(OutgoingMail.gives_way, OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(query.where(~OutgoingMail.gives_way) if urgent_only else query)


def _not_before(session: Session, mail: OutgoingMail, at: datetime) -> datetime | None:
    """When this recipient may get one more; `None` when that is now."""
    recent = session.scalars(
        sa.select(OutgoingMail.finished_at)
        .where(
            OutgoingMail.recipient_lookup == mail.recipient_lookup,
            OutgoingMail.finished_at > at - HOUR,
            OutgoingMail.state.in_(_OUT),
        )
        .order_by(OutgoingMail.finished_at.desc())
        .limit(MOST_FOR_ONE)
    ).all()
    if len(recent) < MOST_FOR_ONE or recent[-1] is None:
        return None
    return recent[-1] + HOUR


def _opened(mail: OutgoingMail) -> _Claim:
    recipient = open_for(mail, "recipient", "mail")
    letter = compose(
        Words.from_json(open_for(mail, "words", "mail")),
        recipient=recipient,
        message_id=mail.message_id,
        written_at=mail.created_at,
    )
    name = file_name(mail.id, mail.created_at)
    return _Claim(mail_id=mail.id, name=name, recipient=recipient, letter=letter)


def _finish(claim: _Claim, state: MailState) -> None:
    with transaction() as session:
        mail = session.get(OutgoingMail, claim.mail_id)
        if mail is not None:
            mail.finish(state, clock.now())


def _put_back(claim: _Claim, problem: Undelivered) -> None:
    """Let the mail wait longer each time; all of them a little when the server is at fault."""
    at = clock.now()
    with transaction() as session:
        mail = session.get(OutgoingMail, claim.mail_id)
        if mail is not None:
            mail.wait(at + _pause(mail.attempts), problem.sentence)
            log.warning(
                "mail not delivered",
                extra={"mail": mail.id, "template": mail.template, "reason": problem.sentence},
            )
        if problem.is_general:
            session.execute(
                sa.update(OutgoingMail)
                .where(
                    OutgoingMail.state == MailState.WAITING,
                    OutgoingMail.due_at < at + PAUSE_OF_ALL,
                )
                .values(due_at=at + PAUSE_OF_ALL)
                .execution_options(synchronize_session=False)
            )


def _pause(attempts: int) -> timedelta:
    """A minute, then twice as long each time, to a day; never the same for two mails."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return min(pause * _random.uniform(0.8, 1.25), LONGEST_PAUSE)
