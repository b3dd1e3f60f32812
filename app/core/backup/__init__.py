"""Backups: one sealed file, proven before it counts, and restored with every erasure done anew.

`make_backup()` copies the database beside the running site, with the content folder and
without keys, sign-ins, links and mail. `backup_facts()` tells how it stands with them.
"""

from .checking import verify_backup
from .checks import BACKUP_CHECKS, figures, metric_lines
from .daily import make_daily
from .facts import BackupFacts, backup_facts
from .keeping import Kept, kept_backups, prune
from .ledgers import copy_out
from .making import Made, make_backup
from .problems import BackupProblem
from .restoring import Restored, Wish, restore, resume

__all__ = [
    "BACKUP_CHECKS",
    "BackupFacts",
    "BackupProblem",
    "Kept",
    "Made",
    "Restored",
    "Wish",
    "backup_facts",
    "copy_out",
    "figures",
    "kept_backups",
    "make_backup",
    "make_daily",
    "metric_lines",
    "prune",
    "restore",
    "resume",
    "verify_backup",
]
