"""Checks of the machine: its database, folders, clock, disk and jobs."""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, is_sqlite
from app.core.instance import newest_version, schema_version
from app.core.jobs import late_jobs
from app.core.privacy import AuditLink
from app.core.registry import Check, Finding

#: Folders that the site writes into; those it makes when it first needs them may be missing.
FOLDERS = ("", "keys", "audit-heads", "media", "outbox", "run")
#: Seconds by which two clocks may differ: more confuses, much more erases too early or too late.
ODD_SECONDS, WRONG_SECONDS = 2, 60
MIB = 1024 * 1024
LOW_DISK, FULL_DISK = 1024 * MIB, 128 * MIB
SAFE_SYNC = 2
_PROMISED = {"secure_delete": 1, "foreign_keys": 1, "synchronous": SAFE_SYNC}


def database() -> Finding:
    """The database answers, has the schema of this code, and overwrites what is deleted."""
    try:
        version = schema_version()
    except sa.exc.OperationalError:
        return Finding("fail", "The database does not answer.", "check CLIENTFLOW_DATABASE_URL")
    if version != newest_version():
        return Finding(
            "fail",
            f"The database has schema {version or 'none'}, and this code needs {newest_version()}.",
            "flask database upgrade",
        )
    broken = _broken_settings()
    if broken:
        return Finding("fail", f"The database does not do as promised: {', '.join(broken)}.")
    kind = "SQLite, which overwrites what is deleted" if is_sqlite() else "PostgreSQL"
    return Finding("ok", f"{kind}; schema {version}.")


def folders() -> Finding:
    """Every folder that the site writes into can be written, and others cannot look into it."""
    instance: Path = current_app.config["INSTANCE"]
    for folder in (instance / name for name in FOLDERS):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            return Finding(
                "fail",
                f"The folder {folder} cannot be written.",
                f"chown -R {os.geteuid()} {folder}",
            )
    if not instance.exists():
        return Finding("fail", f"The folder {instance} is missing.", "flask serve")
    if instance.stat().st_mode & 0o077:
        return Finding(
            "warn", f"Other users can look into the folder {instance}.", f"chmod 700 {instance}"
        )
    return Finding("ok", f"{instance} and what is in it can be written.")


def clocks() -> Finding:
    """This machine's clock agrees with the database's, and did not go back."""
    now = clock.now()
    fix = "set the clock: timedatectl set-ntp true"
    if not is_sqlite():
        theirs = db.session.scalars(sa.select(sa.func.clock_timestamp())).one()
        apart = abs((clock.now() - theirs).total_seconds())
        if apart > ODD_SECONDS:
            sentence = f"This clock and the database's are {apart:.0f} seconds apart."
            return Finding("fail" if apart > WRONG_SECONDS else "warn", sentence, fix)
    last = db.session.scalar(sa.select(AuditLink.at).order_by(AuditLink.id.desc()).limit(1))
    if last is not None and (last - now).total_seconds() > ODD_SECONDS:
        return Finding("fail", f"The clock went back: an entry was recorded at {last:%c} UTC.", fix)
    return Finding("ok", f"{now:%Y-%m-%d %H:%M:%S} UTC.")


def disk() -> Finding:
    """There is room left where the site writes."""
    free = shutil.disk_usage(current_app.config["INSTANCE"]).free
    told = f"{free // MIB:,} MiB are free in the instance folder."
    if free < LOW_DISK:
        return Finding("fail" if free < FULL_DISK else "warn", told, "make room on that disk")
    return Finding("ok", told)


def jobs() -> Finding:
    """Every job ran when it was due."""
    late = late_jobs()
    if not late:
        return Finding("ok", "Every job ran when it was due.")
    named = "; ".join(f"{job.name} {job.sentence}" for job in late)
    return Finding("fail", f"Jobs: {named}.", "flask jobs run --forever")


MACHINE_CHECKS = (
    Check("database", database),
    Check("folders", folders),
    Check("clock", clocks),
    Check("disk", disk),
    Check("jobs", jobs),
)


def _broken_settings() -> list[str]:
    """What the connection that writes does otherwise than this product says."""
    with db.engines[None].connect() as connection:
        if is_sqlite():
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PROMISED
            }
            return [name for name, value in _PROMISED.items() if (found[name] or 0) < value]
        asked = ("fsync", "full_page_writes", "synchronous_commit")
        off = [name for name in asked if connection.scalar(sa.text(f"SHOW {name}")) == "off"]
        return [f"{name} is off" for name in off]
