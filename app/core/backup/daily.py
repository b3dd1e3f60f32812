"""What is done about backups every day."""

import logging

from flask import current_app

from .keeping import prune
from .making import make_backup
from .problems import BackupProblem
from .swap import drop_old_asides

log = logging.getLogger(__name__)


def make_daily() -> None:
    """The daily job: delete what is over, and make a backup where a folder for them is set."""
    for file in prune():
        log.info("a backup's time was over", extra={"file": file.name})
    drop_old_asides()
    if current_app.config["BACKUP"] is None:
        return
    try:
        made = make_backup()
    except BackupProblem as problem:
        log.error("no backup was made", extra={"reason": str(problem)})
        raise
    for reason in made.manifest.problems:
        log.error("a backup was made of a damaged site", extra={"reason": reason})
