"""Checking a backup as a restore would, and leaving everything as it is."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.database import db, is_sqlite
from app.core.instance import NotReady, knows_schema

from .archive import Archive, Progress, no_progress, opened
from .keeping import remember
from .loading import clear_stage, loaded
from .making import alone
from .manifest import Manifest
from .problems import BackupProblem
from .proof import prove, reading
from .swap import check_no_swap


def verify_backup(file: Path, progress: Progress = no_progress) -> Manifest:
    """Load a backup beside the running site, prove it, and throw it away; what it says of itself.

    Raises `BackupProblem` when it could not be relied on.
    """
    with alone(), opened(file) as archive:
        check_no_swap()
        manifest = archive.manifest
        for part in manifest.parts:
            if not part.name.startswith("database/"):
                for _block in archive.read(part, progress):
                    continue
        if manifest.database != db.engine.dialect.name or not knows_schema(manifest.schema):
            raise BackupProblem(
                f"The bytes of {file} are in order; its rows can only be tried by a site on "
                f"{manifest.database}, with version {manifest.version} or newer."
            )
        clear_stage()
        try:
            with loaded(archive, progress):
                compare(archive)
        except (NotReady, SQLAlchemyError) as problem:
            reason = str(getattr(problem, "orig", problem)).strip().split("\n")[0]
            raise BackupProblem(f"This backup cannot be used: {reason}") from None
        finally:
            clear_stage()
    remember(verified_at=clock.now().isoformat(timespec="seconds"))
    return manifest


def compare(archive: Archive) -> None:
    """The database that was loaded is what the manifest says, to the row.

    Raises `BackupProblem`.
    """
    manifest = archive.manifest
    if not is_sqlite():
        # Readers of the site are not to wait as long as this takes.
        reading().execute(sa.text("SET LOCAL statement_timeout = 0"))
    proof = prove(with_keys=archive.is_ours)
    # Whoever writes next wants the database for themselves.
    db.session.remove()
    if proof.tables != manifest.tables or proof.entries != manifest.entries:
        raise BackupProblem("The rows of this backup are not those that its manifest counts.")
    if proof.schema != manifest.schema:
        raise BackupProblem("The schema of this backup is not the one that its manifest names.")
    if new := [problem for problem in proof.problems if problem not in manifest.problems]:
        raise BackupProblem(new[0])
