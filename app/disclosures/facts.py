"""Checks of the promises about legal demands, on the register as it is."""

from collections.abc import Callable, Mapping

from app.core.privacy.disclosures import counted_disclosures, unapproved
from app.core.registry import Outcome

from .pages import entries_to_count


def two_approved() -> Outcome:
    """Each demand that was met was approved by two different accounts, and genuinely."""
    met, wrong = unapproved()
    if wrong:
        return Outcome(problem=f"{wrong} of {met} demands were answered without two approvals.")
    if not met:
        return Outcome("No demand was answered with anybody’s data.")
    return Outcome(f"{met} demands were answered, each approved by two different accounts.")


def all_counted() -> Outcome:
    """The public counts are those of the register."""
    counted = sum(count.received for count in counted_disclosures())
    entered = entries_to_count()
    if counted != entered:
        return Outcome(problem=f"{entered} demands may be spoken of, and {counted} are counted.")
    return Outcome(f"{counted} demands are counted in public, as many as may be spoken of.")


CHECKS: Mapping[str, Callable[[], Outcome]] = {
    "two-approvals": two_approved,
    "transparency-report": all_counted,
}
