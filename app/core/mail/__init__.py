"""Mail: written down with what it tells about, sent afterwards, never while somebody waits.

`enqueue` inside a `transaction()` is all a feature needs. Its templates are
`templates/<feature>/mail/<name>.txt` and `.html`; samples on its card (`mails`)
make them part of `flask mail preview` and of the tests.
"""

from .commands import commands
from .outbox import MailState, OutgoingMail, enqueue
from .preview import Preview, previews
from .render import Words, render
from .sending import hurry, is_waiting, send_due, tidy
from .transport import Letter, kept_folder

__all__ = [
    "Letter",
    "MailState",
    "OutgoingMail",
    "Preview",
    "Words",
    "commands",
    "enqueue",
    "hurry",
    "is_waiting",
    "kept_folder",
    "previews",
    "render",
    "send_due",
    "tidy",
]
