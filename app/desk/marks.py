"""An item as a moderator saw it, and what came of deciding on it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import Gone


class TooLate(Gone):
    """What was done can no longer be taken back."""

    title = "That cannot be undone any more"
    message = "It was done too long ago, taken back already, or decided on again since."
    advice = "Open the item: it can be decided on anew."


@dataclass(frozen=True)
class Mark:
    """An item as the moderator saw it."""

    id: int
    revision: int


@dataclass(frozen=True)
class Clash:
    """An item that is no longer what the moderator saw."""

    id: int
    state: str
    decided_at: datetime | None
    decided_by: int | None


@dataclass(frozen=True)
class Done:
    """What came of an act: the items it changed, and those it left as they are."""

    batch: uuid.UUID | None
    ids: tuple[int, ...]
    clashes: tuple[Clash, ...] = ()
