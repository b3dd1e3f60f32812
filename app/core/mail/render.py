"""A mail's words: its templates filled in, and the letter that carries them.

Mail is made without the request at hand. What it says depends on the facts it is
given and on the site's own settings, so a job writes the same letter as a visit.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from flask import current_app

from app.core.registry import registry

LONGEST_SUBJECT = 60


class _Policy(EmailPolicy):
    """Headers as every server takes them; the library loses spaces in a folded subject."""

    def fold(self, name: str, value: Any) -> str:
        """One header as lines."""
        if name.lower() == "subject" and not str(value).isascii():
            words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {words}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as lines of bytes."""
        if name.lower() == "subject":
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


# Seven-bit bodies pass every server, also those that offer no extension.
POLICY = _Policy(linesep="\r\n", cte_type="7bit")

# Whatever might end a header line somewhere, and marks that turn the reading direction.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a mail says, in both parts, and the address that stops its kind."""

    subject: str
    text: str
    html: str
    unsubscribe: str | None = None

    def to_json(self) -> str:
        """The words as one text, to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The words that `to_json` wrote."""
        return cls(**json.loads(text))


def render(template: str, facts: Mapping[str, Any], *, unsubscribe: str | None = None) -> Words:
    """Fill in `templates/<feature>/mail/<name>.txt` and `.html` for a template `feature/name`.

    The text's block `subject` is the subject. `unsubscribe` is the path that stops mail
    of this kind.
    """
    feature, _, name = template.partition("/")
    stop = None if unsubscribe is None else current_app.config["BASE_URL"] + unsubscribe
    values = {**facts, "site": registry().parts("content_parts")["site"](), "unsubscribe": stop}
    environment = current_app.jinja_env
    written = environment.get_template(f"{feature}/mail/{name}.txt")
    subject = _shortened(fit_for_header(written.render(values, part="subject")))
    text = written.render(values, part="text")
    html = environment.get_template(f"{feature}/mail/{name}.html").render(values, subject=subject)
    return Words(
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip() + "\n",
        html=html.strip() + "\n",
        unsubscribe=stop,
    )


def fit_for_header(text: str) -> str:
    """The text on one line, without anything that could begin another."""
    return " ".join(_UNFIT.sub(" ", text).split())


def compose(words: Words, *, recipient: str, message_id: str, written_at: datetime) -> EmailMessage:
    """The letter to send; composed again, it is the same letter."""
    letter = EmailMessage(POLICY)
    letter["From"] = sender()
    letter["To"] = str(Address(addr_spec=recipient))
    letter["Subject"] = words.subject
    letter["Date"] = format_datetime(written_at)
    letter["Message-ID"] = message_id
    # No holiday notes, please: nobody reads the answers to these.
    letter["Auto-Submitted"] = "auto-generated"
    if words.unsubscribe:
        letter["List-Unsubscribe"] = f"<{words.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(words.text)
    letter.add_alternative(words.html, subtype="html")
    letter.set_boundary(message_id.strip("<>").partition("@")[0])
    return letter


def sender() -> str:
    """Who mail is from: the setting, else nobody at the site's own host."""
    given: str | None = current_app.config["MAIL_FROM"]
    if given is not None:
        return given
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    name = registry().parts("content_parts")["site"]().name
    return str(Address(fit_for_header(name), "no-reply", host))


def sender_address() -> str:
    """The bare address of the sender."""
    return sender().rpartition("<")[2].rstrip(">")


def _shortened(subject: str) -> str:
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
