"""The daily check: every promise's own check is run, and what it found is stored for the page."""

import logging
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.registry import Outcome, registry

from .models import PromiseResult
from .queries import Kept, kept_promises

log = logging.getLogger(__name__)

LONGEST = 300


def check_promises() -> tuple[Kept, ...]:
    """Check each promise of the list and store how it stands; the promises as they stand now.

    A promise without a check of its own is kept by its tests alone, and has no result.
    A check that fails to run counts as a promise that is not kept.
    """
    checks = registry().parts("promise_checks")
    promised = {kept.promise.id for kept in kept_promises()}
    found = {name: _outcome(name, checks[name]) for name in promised & checks.keys()}
    _store(found)
    return kept_promises()


def _outcome(name: str, check: Callable[[], Outcome]) -> Outcome:
    try:
        outcome = check()
    except Exception:  # One promise's fault must not hide how the others stand.
        log.exception("a promise could not be checked", extra={"promise": name})
        return Outcome(problem="The check itself failed; the log says why.")
    finally:
        db.session.rollback()
    if outcome.problem:
        log.error("a promise is not kept", extra={"promise": name})
    return outcome


def _store(found: Mapping[str, Outcome]) -> None:
    at = clock.now()
    with transaction() as session:
        known = {row.promise: row for row in session.scalars(sa.select(PromiseResult))}
        for name in known.keys() - found.keys():
            session.delete(known[name])
        for name, outcome in found.items():
            row = known.get(name) or PromiseResult(promise=name)
            row.checked_at = at
            row.figure = outcome.figure[:LONGEST]
            row.problem = outcome.problem[:LONGEST] if outcome.problem else None
            row.failing_since = (row.failing_since or at) if outcome.problem else None
            session.add(row)
