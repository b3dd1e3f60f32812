"""Mail: written down with what it tells about, sent afterwards, never while somebody waits.

`enqueue` inside a `transaction()` is all a feature needs. Its templates are
`templates/<feature>/mail/<name>.txt` and `.html`; samples on its card (`mails`)
make them part of `flask mail preview` and of the tests.
"""

from .checks import MAIL_CHECKS
from .commands import commands
from .desk import ON_A_PAGE as MAILS_ON_A_PAGE
from .desk import (
    MailLine,
    counted,
    drop,
    is_at_ceiling,
    is_kept_here,
    listed,
    read_kept,
    try_again,
    try_all_again,
)
from .forgetting import erase_letters, forget_quotes
from .outbox import MailState, OutgoingMail, enqueue
from .preview import Preview, previews
from .render import Words, render
from .sending import forget_recipients, hurry, is_waiting, send_due, tidy
from .transport import Letter, kept_folder

__all__ = [
    "MAILS_ON_A_PAGE",
    "MAIL_CHECKS",
    "Letter",
    "MailLine",
    "MailState",
    "OutgoingMail",
    "Preview",
    "Words",
    "commands",
    "counted",
    "drop",
    "enqueue",
    "erase_letters",
    "forget_quotes",
    "forget_recipients",
    "hurry",
    "is_at_ceiling",
    "is_kept_here",
    "is_waiting",
    "kept_folder",
    "listed",
    "previews",
    "read_kept",
    "render",
    "send_due",
    "tidy",
    "try_again",
    "try_all_again",
]
