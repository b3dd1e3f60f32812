"""What `flask doctor`, the dashboard and those who measure are told about backups."""

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app

from app.core.privacy import Viewer
from app.core.registry import Check, Figure, Finding

from .facts import backup_facts
from .keycopy import is_copied, was_copied

_HOUR = timedelta(hours=1)


def last_backup() -> Finding:
    """The last backup is a day old at the most, and the last attempt succeeded."""
    facts = backup_facts()
    if facts.problem:
        return Finding("fail", f"The last backup came to nothing: {facts.problem}", "flask backup")
    if not facts.is_daily:
        told = "No folder for daily backups is set."
        return Finding("warn" if _is_public() else "ok", told, "set CLIENTFLOW_BACKUP")
    if facts.age is None:
        return Finding("warn", f"There is no backup in {facts.folder} yet.", "flask backup")
    told = f"The last backup is {facts.age // _HOUR} hours old."
    if facts.is_late:
        return Finding("fail", told, "flask jobs run, then read the log")
    return Finding("ok", told)


def key_copy() -> Finding:
    """The key file as it is now was copied to somewhere else."""
    if is_copied():
        return Finding("ok", "The key file was copied since it last changed.")
    told = "has changed since it was copied" if was_copied() else "was not copied yet"
    is_due = _is_public() or backup_facts().is_daily
    told = f"The key file {told}."
    fix = "flask backup keys FILE, on another medium"
    return Finding("warn" if is_due else "ok", told, fix)


def figures(viewer: Viewer) -> list[Figure]:
    """For owners of a site that is backed up: how many backups there are."""
    facts = backup_facts()
    if not viewer.has_right("own") or not (facts.is_daily or facts.count):
        return []
    is_alarm = facts.is_late or bool(facts.problem)
    label = "Backup kept" if facts.count == 1 else "Backups kept"
    return [Figure(label, facts.count, "#checks" if is_alarm else "#mail", is_alarm=is_alarm)]


def metric_lines() -> Iterator[str]:
    """Samples in the Prometheus text format; none on a site without backups."""
    facts = backup_facts()
    if facts.made_at is None:
        return
    yield f"clientflow_backup_made_seconds {facts.made_at.timestamp():.0f}"
    yield f"clientflow_backup_bytes {facts.size}"
    yield f"clientflow_backup_duration_seconds {facts.seconds}"
    if facts.verified_at:
        yield f"clientflow_backup_verified_seconds {facts.verified_at.timestamp():.0f}"


def _is_public() -> bool:
    """Whether this is more than a trial on one's own machine."""
    return str(current_app.config["BASE_URL"]).startswith("https://")


BACKUP_CHECKS = (Check("last backup", last_backup), Check("copy of the keys", key_copy))
