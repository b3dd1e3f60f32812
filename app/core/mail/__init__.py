"""Mail: written down with what it tells about, sent afterwards, never while somebody waits.

`enqueue` inside a `transaction()` is all a feature needs. Its templates are
`templates/<feature>/mail/<name>.txt` and `.html`; samples on its card (`mails`)
make them part of `flask mail preview` and of the tests.
"""

from .outbox import MailState, OutgoingMail, enqueue
from .render import Words, render
from .sending import send_due, tidy
from .transport import Letter, kept_folder

__all__ = [
    "Letter",
    "MailState",
    "OutgoingMail",
    "Words",
    "enqueue",
    "kept_folder",
    "render",
    "send_due",
    "tidy",
]
