"""Regular expressions that mean the same on every Python we run on."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: A group repeated without going back. Before 3.11.5 Python matches these wrongly when the
#: group itself has to (https://github.com/python/cpython/issues/106052); one character is fine.
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{{1,2}[0-9,]+\}{1,2})\+")


def test_no_group_is_repeated_possessively() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in sorted((ROOT / "app").rglob("*.py"))
        for line in file.read_text().splitlines()
        if POSSESSIVE_GROUP.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", ["(?:a|b)++", "(ab)*+", "(?:ab){1,9}+", "(a)?+"])
def test_a_planted_one_is_found(pattern: str) -> None:
    assert POSSESSIVE_GROUP.search(pattern)
