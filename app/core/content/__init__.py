"""What the company says, kept as files: found, checked, and applied to the database.

A feature declares a `ContentKind` on its card: which files are its own, how one is
read, and what it changes. `sync()` does the rest: it touches only what changed, may
be interrupted and repeated, and leaves the last good version of a broken file alone.
"""

from .documents import ContentProblem, Document, Picture
from .fields import Fields
from .generation import ContentCache, current_generation, keep_settings, site_settings
from .kinds import ContentKind
from .sync import Report, content_synced, problems, sync
from .workshop import Workshop

__all__ = [
    "ContentCache",
    "ContentKind",
    "ContentProblem",
    "Document",
    "Fields",
    "Picture",
    "Report",
    "Workshop",
    "content_synced",
    "current_generation",
    "keep_settings",
    "problems",
    "site_settings",
    "sync",
]
