"""When somebody is erased: letters to them that were kept here, and letters that quote them."""

from collections.abc import Iterable
from email import message_from_bytes, policy
from pathlib import Path

import sqlalchemy as sa

from app.core.database import transaction
from app.core.privacy import Erasure, Unreadable, batches, normal_email, open_for

from .outbox import MailState, OutgoingMail
from .render import Words
from .transport import file_name, kept_folder

#: Shorter words are in many letters.
SHORTEST = 12
_UNSENT = (MailState.WAITING, MailState.GIVEN_UP)


def erase_letters(erasure: Erasure) -> None:
    """The eraser of mail: files of letters to them go; the rows go as they declare."""
    for some in batches(erasure.ids("outbox")):
        query = sa.select(OutgoingMail.id, OutgoingMail.created_at)
        for row in erasure.session.execute(query.where(OutgoingMail.id.in_(some))):
            _file(f"{file_name(row.id, row.created_at)}.eml").unlink(missing_ok=True)
    if erasure.person.email:
        for file in _letters():
            if _is_to(file, erasure.person.email):
                file.unlink(missing_ok=True)


def forget_quotes(excerpts: Iterable[str]) -> None:
    """Drop letters to others that quote words which are erased now: unsent ones, and kept files."""
    quotes = [words for words in (_bare(each) for each in excerpts) if len(words) >= SHORTEST]
    if not quotes:
        return
    with transaction() as session:
        waiting = sa.select(OutgoingMail).where(OutgoingMail.state.in_(_UNSENT))
        for mail in session.scalars(waiting.where(OutgoingMail.words.is_not(None))).all():
            if any(quote in _bare(_words(mail)) for quote in quotes):
                session.delete(mail)
    for file in _letters():
        text = _bare(_text(file))
        if any(quote in text for quote in quotes):
            file.unlink(missing_ok=True)


def _letters() -> list[Path]:
    folder = kept_folder()
    return sorted(folder.glob("*.eml")) if folder.is_dir() else []


def _file(name: str) -> Path:
    return kept_folder() / name


def _is_to(file: Path, email: str) -> bool:
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    to = letter["To"]
    return to is not None and any(normal_email(each.addr_spec) == email for each in to.addresses)


def _text(file: Path) -> str:
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    return body.get_content() if body else ""


def _words(mail: OutgoingMail) -> str:
    try:
        return Words.from_json(open_for(mail, "words", "mail")).text
    except (Unreadable, ValueError, TypeError):
        return ""


def _bare(text: str) -> str:
    """The letters of a text alone, so that neither line ends nor quotes make it another one."""
    return "".join(each for each in text.removesuffix("…") if each.isalnum()).casefold()
