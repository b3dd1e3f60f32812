"""Meeting a demand: one file for the authority, and a mail to each person it is about."""

import hashlib
from dataclasses import dataclass, field

from app.core.privacy import Viewer
from app.core.privacy.disclosures import Outcome, conclude, release

from .files import gather, pack
from .letters import tell_those_named


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a release: a file, or nothing that could stand in one."""

    name: str
    outcome: Outcome
    content: bytes | None = field(repr=False)
    number: int


def give(entry_id: int, viewer: Viewer, *, in_part: bool = False) -> Answer:
    """Make the file for an authority, from an entry that two accounts approved.

    On record before anything about anybody is read. Those named are told at once, unless
    silence was ordered. Raises what `release` raises.
    """
    released = release(entry_id, viewer)
    given = gather(released)
    accounts = sum(1 for about in given if about.rows)
    content = pack(released, given) if accounts else None
    outcome = Outcome.PARTLY if in_part else Outcome.COMPLIED
    if content is None:
        outcome = Outcome.NOTHING_HELD
    file_hash = hashlib.sha256(content).digest() if content is not None else None
    conclude(released, viewer, outcome, accounts=accounts, file_hash=file_hash)
    tell_those_named()
    name = f"demand-{entry_id}-{released.at:%Y-%m-%d}.zip"
    return Answer(name=name, outcome=outcome, content=content, number=released.number)
