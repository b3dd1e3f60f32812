"""What a feature says about its content files."""

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from .documents import Document
from .workshop import Workshop

#: First parts of addresses that are the site's own, now or with the next feature.
RESERVED = frozenset(
    {"account", "admin", "agreement", "comments", "feedback", "livez", "media", "metrics"}
    | {"privacy", "readyz", "search", "static", "trends"}
)


def _no_claim(_path: str) -> str | None:
    return None


def _nothing(_session: Session) -> None:
    return None


def _never(_session: Session) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class ContentKind:
    """One kind of content file, and the four things done with it.

    `prepare` reads a document without the database and may take its time.
    `apply` writes what it made, in one transaction with the file's own record; it
    is told which paths are gone, so that a renamed file keeps its row. `remove`
    takes a gone file's thing back. `settle` runs once after a sync that changed
    anything, and whenever `is_due` says that time alone did.
    The first two raise `ContentProblem`. `apply` and `remove` may answer the paths of
    files that must be read again because of them.

    `claim` tells from a file's path which first part of an address it takes. Two kinds
    cannot share one: the file that came later is refused.
    """

    name: str
    pattern: re.Pattern[str]
    prepare: Callable[[Document, Workshop], Any]
    apply: Callable[[Session, str, Any, Set[str]], Iterable[str] | None]
    remove: Callable[[Session, str], Iterable[str] | None]
    claim: Callable[[str], str | None] = _no_claim
    settle: Callable[[Session], None] = _nothing
    is_due: Callable[[Session], bool] = _never
