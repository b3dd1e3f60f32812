"""What a backup says of itself: when, of which site and schema, and what each part must be."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from .problems import BackupProblem

FORMAT = 1
#: Larger than any manifest of ours, small enough to be read at once.
LARGEST = 32_000_000
MOST_PARTS = 100_000
LONGEST_NAME = 1_000
DEEPEST = 40

_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[\w.-]{1,120}", re.ASCII)
_FOLDERS = ("database", "content", "records")


@dataclass(frozen=True)
class Part:
    """One file of the archive."""

    name: str
    size: int
    sha256: str

    @property
    def path(self) -> str:
        """Where it belongs, below the folder that its name begins with."""
        return self.name.partition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything a restore has to know before it opens the database."""

    made_at: datetime
    version: str
    #: The kind of database: a copy of one is of no use to another.
    database: str
    schema: str
    #: {table: number of rows}, and the columns in which they were written, where they were.
    tables: dict[str, int]
    columns: dict[str, list[str]]
    #: {sequence: its last number}: what was deleted does not give its number to another.
    sequences: dict[str, int]
    left_out: dict[str, str]
    entries: int
    #: What was wrong with the site itself, which a backup can only pass on.
    problems: list[str]
    settings: dict[str, str]
    parts: tuple[Part, ...]

    def to_json(self) -> bytes:
        """The manifest as it stands in the archive."""
        facts = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """A manifest that can be believed as far as its form goes. Raises `BackupProblem`."""
        try:
            facts = json.loads(text)
            if facts.pop("format") != FORMAT:
                raise BackupProblem(
                    "This backup was made by a newer version of Clientflow; install that first."
                )
            parts = tuple(Part(**part) for part in facts.pop("parts"))
            made = cls(made_at=datetime.fromisoformat(facts.pop("made_at")), parts=parts, **facts)
            if not _is_sound(made):
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BackupProblem("The manifest of this backup cannot be used.") from None
        return made

    def part(self, name: str) -> Part:
        """The part of that name. Raises `BackupProblem`."""
        for part in self.parts:
            if part.name == name:
                return part
        raise BackupProblem(f"This backup has no part {name}.")

    def below(self, folder: str) -> list[Part]:
        """The parts of one folder."""
        return [part for part in self.parts if part.name.startswith(f"{folder}/")]

    @property
    def size(self) -> int:
        """How many bytes all parts have when they are unpacked."""
        return sum(part.size for part in self.parts)


def is_safe(name: str) -> bool:
    """Whether a name of a part stays in its folder, wherever that is."""
    pieces = name.split("/")
    return (
        len(name) <= LONGEST_NAME
        and 2 <= len(pieces) <= DEEPEST
        and pieces[0] in _FOLDERS
        and all(piece not in ("", ".", "..") for piece in pieces)
        and "\\" not in name
        and name.isprintable()
    )


def digest_of(content: bytes) -> str:
    """The hash by which a part is known."""
    return hashlib.sha256(content).hexdigest()


def _is_sound(made: Manifest) -> bool:
    names = {part.name for part in made.parts}
    return (
        made.made_at.tzinfo is not None
        and made.database in ("sqlite", "postgresql")
        and len(names) == len(made.parts) <= MOST_PARTS
        and all(_is_part(part) for part in made.parts)
        and all(isinstance(word, str) for word in (made.version, made.schema))
        and bool(_WORD.fullmatch(made.schema))
        and isinstance(made.entries, int)
        and _are_counts(made.tables)
        and _are_counts(made.sequences)
        and all(_are_words([table]) for table in made.columns)
        and all(_are_words(columns) for columns in made.columns.values())
        and all(isinstance(problem, str) for problem in made.problems)
        and _is_text(made.left_out)
        and _is_text(made.settings)
    )


def _is_part(part: Part) -> bool:
    return (
        is_safe(part.name)
        and type(part.size) is int
        and part.size >= 0
        and bool(_SHA256.fullmatch(part.sha256))
    )


def _are_counts(tables: Any) -> bool:
    return _are_words(tables) and all(
        type(count) is int and count >= 0 for count in tables.values()
    )


def _are_words(names: Any) -> bool:
    return all(_WORD.fullmatch(name) for name in names)


def _is_text(words: dict[str, str]) -> bool:
    return all(isinstance(word, str) for pair in words.items() for word in pair)
