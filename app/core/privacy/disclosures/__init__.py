"""The register of legal demands, and the only way by which anybody's data is given to others.

A demand is entered, approved by two different accounts under its exact terms, and then released:
recorded first, opened second. Counts of it are public, and whoever is named may read of it, as
soon as no duty of silence stands against that.
"""

from .models import (
    GIVEN,
    LONGEST_AUTHORITY,
    LONGEST_COUNTRY,
    Disclosure,
    DisclosureApproval,
    DisclosureOutcome,
    DisclosureSubject,
    Kind,
    Outcome,
)
from .register import (
    Demand,
    approve,
    bar,
    enter,
    missing_to_disclose,
    reject,
)
from .release import (
    Release,
    approvals_of,
    conclude,
    outcome_of,
    release,
    subjects_of,
    unapproved,
)
from .report import (
    AboutYou,
    DisclosureCount,
    counted_disclosures,
    counted_looks,
    disclosures_about,
    may_be_told,
)
from .telling import due_to_be_told, mark_told
from .terms import opened
from .words import KINDS, OUTCOMES, PARTS, parts_in_words

__all__ = [
    "GIVEN",
    "KINDS",
    "LONGEST_AUTHORITY",
    "LONGEST_COUNTRY",
    "OUTCOMES",
    "PARTS",
    "AboutYou",
    "Demand",
    "Disclosure",
    "DisclosureApproval",
    "DisclosureCount",
    "DisclosureOutcome",
    "DisclosureSubject",
    "Kind",
    "Outcome",
    "Release",
    "approvals_of",
    "approve",
    "bar",
    "conclude",
    "counted_disclosures",
    "counted_looks",
    "disclosures_about",
    "due_to_be_told",
    "enter",
    "mark_told",
    "may_be_told",
    "missing_to_disclose",
    "opened",
    "outcome_of",
    "parts_in_words",
    "reject",
    "release",
    "subjects_of",
    "unapproved",
]
