"""What the company says, kept as files: found, checked, and applied to the database.

A feature declares a `ContentKind` on its card: which files are its own, how one is
read, and what it changes. `sync()` does the rest: it touches only what changed, may
be interrupted and repeated, and leaves the last good version of a broken file alone.
"""

from .documents import Document, Picture
from .fields import Fields
from .front import ContentProblem
from .generation import (
    ContentCache,
    bump_generation,
    content_rows,
    current_generation,
    keep_note,
    keep_settings,
    note_of,
    site_settings,
)
from .kinds import RESERVED, ContentKind
from .records import problem_count, problems, read_all_again
from .sync import Report, content_synced, sync
from .workshop import Workshop

__all__ = [
    "RESERVED",
    "ContentCache",
    "ContentKind",
    "ContentProblem",
    "Document",
    "Fields",
    "Picture",
    "Report",
    "Workshop",
    "bump_generation",
    "content_rows",
    "content_synced",
    "current_generation",
    "keep_note",
    "keep_settings",
    "note_of",
    "problem_count",
    "problems",
    "read_all_again",
    "site_settings",
    "sync",
]
