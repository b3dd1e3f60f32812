"""Whose address is whose, where two kinds of file could mean the same one."""

from collections.abc import Mapping

from .folder import Found
from .kinds import RESERVED, ContentKind
from .models import ContentFile


def refused_claims(
    kinds: tuple[ContentKind, ...], found: Mapping[str, Found], recorded: Mapping[str, ContentFile]
) -> dict[str, str]:
    """The files that cannot have the address they are for, each with the reason."""
    refused: dict[str, str] = {}
    by_part: dict[str, dict[str, list[str]]] = {}
    for kind in kinds:
        for path, file in found.items():
            part = kind.claim(path) if file.kind == kind.name else None
            if part in RESERVED:
                refused[path] = f"is for the address /{part}/, which the site uses itself"
            elif part is not None:
                by_part.setdefault(part, {}).setdefault(kind.name, []).append(path)
    for claims in by_part.values():
        if len(claims) > 1:
            refused |= _later_ones(claims, recorded)
    return refused


def _later_ones(
    claims: dict[str, list[str]], recorded: Mapping[str, ContentFile]
) -> dict[str, str]:
    """All but the kind that was there first; of two new ones the first in the kinds' order."""

    def is_there(path: str) -> bool:
        row = recorded.get(path)
        return row is not None and row.problem is None

    first = next((name for name in claims if any(map(is_there, claims[name]))), next(iter(claims)))
    holder = claims[first][0]
    return {
        path: f"has the same address as {holder}"
        for name, paths in claims.items()
        if name != first
        for path in paths
    }
