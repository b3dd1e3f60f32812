"""`flask doctor`: everything that can be wrong with a running site, asked one by one.

Features hand in checks on their cards (`checks`); each answers with a `Finding`. `look()` asks
them all now; a job stores the answers, so that `last_look()` shows them without asking again.
"""

from .code import CODE_CHECKS
from .commands import doctor
from .examining import Answer, look
from .findings import KeptFinding, StoredFinding, last_look, look_and_store
from .machine import MACHINE_CHECKS

GROUND_CHECKS = (*MACHINE_CHECKS, *CODE_CHECKS)

__all__ = [
    "GROUND_CHECKS",
    "Answer",
    "KeptFinding",
    "StoredFinding",
    "doctor",
    "last_look",
    "look",
    "look_and_store",
]
