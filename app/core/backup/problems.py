"""What stops a backup or a restore: before anything that was good is touched, but for a swap."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BackupProblem(Exception):
    """Nothing was made or replaced; the text is one sentence that says why, and what to do.

    Only where it names `flask restore --resume` is something left to be finished.
    """


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Faults of the disk beneath a folder, as a sentence that names it."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupProblem(
                f"There is no room left on the disk of {folder}; nothing was changed."
            ) from None
        if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise BackupProblem(
                f"The folder {folder} cannot be written by this user; nothing was changed."
            ) from None
        raise BackupProblem(f"{folder} cannot be used ({fault.strerror or fault}).") from None
