"""What an erasure takes, what it leaves and why: before it is done, and afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.privacy import Collected, Erased

from .holdings import title_of


@dataclass(frozen=True, kw_only=True)
class Left:
    """Something that stays: why, and until when."""

    what: str
    why: str
    until: datetime | None = None
    event: str = ""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What would go, and what would stay."""

    goes: list[tuple[str, int]]
    stays: list[Left]


def outlook(collected: Collected) -> Outlook:
    """What erasing everything would do, read from the declarations of what is held."""
    goes = [
        (title_of(table), number)
        for table, rows in collected.by_table().items()
        if (number := sum(any(map(_goes, row.items)) for row in rows))
    ]
    return Outlook(goes=goes, stays=list(dict.fromkeys(_stays(collected))))


def told_of(erased: Erased) -> dict[str, Any]:
    """What came of an erasure, in words; nothing in it is personal."""
    return {
        "removed": [(title_of(table), number) for table, number in erased.removed.items()],
        "kept": [
            Left(
                what=_counted(kept.what, kept.number),
                why=kept.why,
                until=kept.until if isinstance(kept.until, date) else None,
                event="" if isinstance(kept.until, date) else kept.until,
            )
            for kept in erased.kept
        ],
        "backups_until": erased.backups_until,
    }


def _goes(item: Any) -> bool:
    return bool(item.declared.on_erasure != "keep")


def _stays(collected: Collected) -> Iterator[Left]:
    for row in collected.rows:
        for item in row.items:
            if not _goes(item):
                yield Left(
                    what=title_of(row.table),
                    why=item.declared.kept_why or item.declared.why,
                    until=item.ends_at,
                    event=item.declared.until or "",
                )


def _counted(what: str, number: int) -> str:
    return what if number == 1 else f"{what} ({number})"
