"""How erasures stand now: for the page of promises, and for whoever runs the site."""

from datetime import timedelta

from app.core import clock
from app.core.slots import Check, Finding, Outcome

from .ledger import every_entry, ledger_folder
from .scrubbing import waiting_since

#: The job that cuts the log off runs each minute, and the one that writes files each hour.
PATIENCE = timedelta(hours=2)


def erasures_are_done() -> Outcome:
    """No byte of what was erased waits to be overwritten."""
    if _is_stuck():
        return Outcome(problem="What was erased waits to be overwritten in the database's files.")
    return Outcome("Nothing that was erased waits to be overwritten.")


def erasures_are_remembered() -> Outcome:
    """Every erasure that an older backup could undo is in the database and in a file."""
    found, strange = every_entry()
    at, folder = clock.now(), ledger_folder()
    lost = [e for e in found if e.at < at - PATIENCE < e.until and not (folder / e.name).exists()]
    if strange:
        return Outcome(problem="A file of the ledger of erasures was not written by this site.")
    if lost:
        return Outcome(problem="An erasure is remembered in the database alone.")
    told = "1 erasure is" if len(found) == 1 else f"{len(found)} erasures are"
    return Outcome(f"{told} remembered until the last older backup is gone.")


def erasures() -> Finding:
    """What was erased is out of the database's files, and on the ledger."""
    if _is_stuck():
        return Finding(
            "warn",
            "What was erased could not be overwritten for two hours; somebody reads all the time.",
            "restart the site, or end the long-running reader of the database",
        )
    remembered = erasures_are_remembered()
    if remembered.problem:
        return Finding("fail", remembered.problem, "flask jobs run")
    return Finding("ok", remembered.figure)


ERASURE_CHECKS = (Check("erasures", erasures),)


def _is_stuck() -> bool:
    since = waiting_since()
    return since is not None and since < clock.now() - PATIENCE
