"""Trying a word list out on what was decided about before it is used."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from app.core import clock
from app.core.registry import registry

from .kinds import ACCEPTED
from .words import word_list

DAYS = 90
#: The newest of them; a longer look would make the page slow and say the same.
MOST_ITEMS = 5_000
_FATES = {
    "spam": "spam",
    "rejected": "refused",
    "declined": "declined",
    "shown": "approved",
    "open": "kept open",
    "held": "still waiting",
    "removed": "removed",
}


@dataclass(frozen=True)
class Trial:
    """What a word list would have held, and what became of that without it."""

    looked_at: int
    fates: Counter[str] = field(default_factory=Counter)
    #: How much each line of the list would have held, and how much of it was approved.
    lines: Counter[int] = field(default_factory=Counter)
    wrong_lines: Counter[int] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        """How many it would have held."""
        return self.fates.total()

    @property
    def sentence(self) -> str:
        """The same in words: "would have held 14 comments: 12 spam, 2 approved"."""
        if not self.looked_at:
            return f"There are no comments of the past {DAYS} days to try it on."
        known = [fate for fate in _FATES if self.fates[fate]]
        of_which = ", ".join(f"{self.fates[fate]:,} {_FATES[fate]}" for fate in known)
        tail = f": {of_which}" if known else ""
        what = "1 comment" if self.held == 1 else f"{self.held:,} comments"
        newest = f" (the newest {self.looked_at:,})" if self.looked_at == MOST_ITEMS else ""
        return f"It would have held {what} of the past {DAYS} days{newest}{tail}."

    @property
    def doubtful(self) -> list[tuple[int, int, int]]:
        """Lines that would have held what was approved: line, held, approved; the worst first."""
        worst = self.wrong_lines.most_common(5)
        return [(line, self.lines[line], wrong) for line, wrong in worst]


def try_words(blog_id: int, words: str) -> Trial:
    """Try a word list out on what this blog decided about in the past days."""
    listed = word_list(words)
    since = clock.now() - timedelta(days=DAYS)
    kinds = registry().every("moderated")
    past = (item for kind in kinds for item in kind.past(blog_id, since))
    trial = Trial(0)
    looked_at = 0
    for item in islice(past, MOST_ITEMS):
        looked_at += 1
        found = {match.line for text in (item.text, item.name) for match in listed.find(text)}
        if found:
            trial.fates[str(item.state)] += 1
            trial.lines.update(found)
            trial.wrong_lines.update(found if item.state in ACCEPTED else ())
    return Trial(looked_at, trial.fates, trial.lines, trial.wrong_lines)


def print_of(words: str) -> str:
    """What a form carries to say that this very list was tried out."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
