"""What the newer slots of a card hold; `core.registry` hands these names on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What a check found, for whoever runs the site: a sentence, and what to type against it.

    Neither may hold anything about a person: findings are printed, kept and shown.
    """

    state: State
    sentence: str
    fix: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that `flask doctor` and the daily look at the site's health ask about.

    `run` reads and never changes anything. One that raises counts as failed.
    """

    name: str
    run: Callable[[], Finding]
