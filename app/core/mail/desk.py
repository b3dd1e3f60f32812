"""The desk of whoever keeps the site: what waits, what was given up, and what can be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Missing
from app.core.privacy import masked, record

from .outbox import MailState, OutgoingMail
from .transport import Letter, file_name, kept_folder, read_letter

ON_A_PAGE = 50
HOUR = timedelta(hours=1)
_GONE = (MailState.SENT, MailState.KEPT)


@dataclass(frozen=True)
class MailLine:
    """One mail in a list."""

    id: int
    template: str
    to: str
    state: MailState
    written_at: datetime
    due_at: datetime
    attempts: int
    problem: str | None

    @property
    def may_be_read(self) -> bool:
        """Whether its letter is kept here, for want of a mail server."""
        return self.state is MailState.KEPT and is_kept_here()

    @property
    def may_be_retried(self) -> bool:
        """Whether somebody can have it tried again, or dropped."""
        return self.state in (MailState.WAITING, MailState.GIVEN_UP)


def is_kept_here() -> bool:
    """Whether letters are kept as files, because no mail server is set."""
    return current_app.config["SMTP_URL"] is None


def counted() -> dict[MailState, int]:
    """How many mails there are in each state."""
    query = sa.select(OutgoingMail.state, sa.func.count()).group_by(OutgoingMail.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in MailState}


def is_at_ceiling() -> bool:
    """Whether the site has sent as much in an hour as it may."""
    went = sa.select(sa.func.count()).where(
        OutgoingMail.finished_at > clock.now() - HOUR, OutgoingMail.state.in_(_GONE)
    )
    return (db.session.scalar(went) or 0) >= current_app.config["MAIL_PER_HOUR"]


def listed(states: Iterable[MailState], before: int | None = None) -> list[MailLine]:
    """A page of the mails in some states, newest first, and one more if there are older ones."""
    query = sa.select(OutgoingMail).where(OutgoingMail.state.in_(tuple(states)))
    if before is not None:
        query = query.where(OutgoingMail.id < before)
    newest = query.order_by(OutgoingMail.id.desc()).limit(ON_A_PAGE + 1)
    return [_line(mail) for mail in db.session.scalars(newest)]


def read_kept(mail_id: int, reader_id: int) -> tuple[MailLine, Letter]:
    """A kept letter for whoever keeps the site; that it was read goes on record first.

    Raises `Missing` when there is no such letter, or a mail server that should carry it.
    """
    mail = db.session.get(OutgoingMail, mail_id)
    line = _line(mail) if mail is not None else None
    if mail is None or line is None or not line.may_be_read:
        raise Missing
    record("mail.read", actor_id=reader_id, subject_uid=mail.uid)
    letter = read_letter(kept_folder() / f"{file_name(line.id, line.written_at)}.eml")
    if letter is None:
        raise Missing
    return line, letter


def try_again(mail_id: int) -> None:
    """Try a mail now, as if it were new. Raises `Missing`."""
    with transaction() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is None:
            raise Missing
        mail.begin_again(clock.now())


def try_all_again() -> None:
    """Try everything that waits or was given up, now."""
    with transaction() as session:
        stuck = (MailState.WAITING, MailState.GIVEN_UP)
        for mail in session.scalars(sa.select(OutgoingMail).where(OutgoingMail.state.in_(stuck))):
            mail.begin_again(clock.now())


def drop(mail_id: int, actor_id: int) -> None:
    """Never send a mail that has not gone out; on record. Dropping it twice changes nothing."""
    with transaction() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is None or not _line(mail).may_be_retried:
            return
        record("mail.dropped", session, actor_id=actor_id, subject_uid=mail.uid)
        session.delete(mail)


def _line(mail: OutgoingMail) -> MailLine:
    return MailLine(
        id=mail.id,
        template=mail.template,
        to=masked(mail, "recipient"),
        state=mail.state,
        written_at=mail.created_at,
        due_at=mail.due_at,
        attempts=mail.attempts,
        problem=mail.problem,
    )
