"""Backups: one sealed file, proven before it counts, and restored with every erasure done anew.

`make_backup()` copies the database beside the running site, with the content folder and
without keys, sign-ins, links and mail.
"""

from .checking import verify_backup
from .checks import BACKUP_CHECKS, figures, metric_lines
from .daily import make_daily
from .ledgers import copy_out
from .making import make_backup
from .problems import BackupProblem
from .restoring import Wish, restore, resume

__all__ = [
    "BACKUP_CHECKS",
    "BackupProblem",
    "Wish",
    "copy_out",
    "figures",
    "make_backup",
    "make_daily",
    "metric_lines",
    "restore",
    "resume",
    "verify_backup",
]
