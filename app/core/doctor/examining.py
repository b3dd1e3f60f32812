"""Asking every check, whatever the one before it did."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.database import db
from app.core.registry import Check, Finding, registry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What one check found."""

    name: str
    finding: Finding


def look() -> Iterator[Answer]:
    """Ask each check of every card, in their order; one that crashes has failed."""
    for check in registry().every("checks"):
        yield Answer(check.name, _asked(check))


def _asked(check: Check) -> Finding:
    try:
        return check.run()
    except Exception as problem:  # Whatever it is, the other checks are still worth asking.
        log.exception("check failed", extra={"check": check.name})
        kind = type(problem).__name__
        return Finding("fail", f"This could not be checked ({kind}); the log says more.")
    finally:
        db.session.rollback()
