"""What a policy may say in figures: named values, each with what decides it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A value as readers see it, and the name of the setting, column or file that decides it."""

    text: str
    source: str
    #: What of the text is decided there; the rest is words around it.
    fact: str = ""

    @property
    def decided(self) -> str:
        """What another configuration would have made different."""
        return self.fact or self.text


@dataclass(frozen=True)
class Table:
    """Rows of figures; `rows` maps the name of each to its cells. The first cell heads its row."""

    title: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Figure, ...]]


@dataclass(frozen=True)
class Figures:
    """Everything that `{{ policy.… }}` may stand for. Nothing of it can be changed."""

    entries: Mapping[str, Figure | Table]

    def __post_init__(self) -> None:
        """Keep a copy that nobody else holds."""
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def get(self, name: str) -> Figure | Table | None:
        """The value of that name, or `None`."""
        return self.entries.get(name)

    def as_if(self, settings: Mapping[str, str]) -> "Figures":
        """The same figures, had settings been decided so; a version may announce it."""
        return Figures({name: _as_if(entry, settings) for name, entry in self.entries.items()})

    def kept(self, names: set[str]) -> dict[str, tuple[str, str]]:
        """What is frozen with a text that uses these names: the facts, and what decided them."""
        return {
            leaf: (figure.decided, figure.source)
            for name in sorted(names)
            for leaf, figure in self.leaves(name)
        }

    def leaves(self, name: str) -> Iterator[tuple[str, Figure]]:
        """The single figures of a name: itself, or the cells of its table."""
        entry = self.entries.get(name)
        if isinstance(entry, Figure):
            yield name, entry
        elif isinstance(entry, Table):
            for row, cells in entry.rows.items():
                for number, cell in enumerate(cells):
                    yield f"{name}:{row}:{number}", cell


def _as_if(entry: Figure | Table, settings: Mapping[str, str]) -> Figure | Table:
    if isinstance(entry, Table):
        rows = {
            name: tuple(_figure_as_if(cell, settings) for cell in cells)
            for name, cells in entry.rows.items()
        }
        return replace(entry, rows=rows)
    return _figure_as_if(entry, settings)


def _figure_as_if(figure: Figure, settings: Mapping[str, str]) -> Figure:
    given = settings.get(figure.source)
    if given is None:
        return figure
    text = figure.text.replace(figure.decided, given)
    return replace(figure, text=text, fact=given if figure.fact else "")


def fingerprint(kept: Mapping[str, Any]) -> str:
    """The SHA-256 of kept figures."""
    facts = {name: entry[0] for name, entry in kept.items()}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
