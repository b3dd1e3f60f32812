"""Installing is repeatable, and the commands stay small."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
COMMENT = re.compile(r"^\s*#")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def pins(name: str) -> dict[str, str]:
    matches = map(PIN.match, (ROOT / name).read_text().splitlines())
    return {match[1]: match[2] for match in matches if match}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_hold_pins_hashes_and_comments_only(name: str) -> None:
    kinds = (PIN, HASH, COMMENT)
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if not any(kind.match(line) for kind in kinds)] == []


def test_development_requirements_hold_all_of_the_others() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_requirements_follow_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    served = [*project["dependencies"], *extras["postgres"]]
    for name, direct in zip(REQUIREMENTS, (served, [*served, *extras["dev"]]), strict=True):
        wanted = dict(re.sub(r"\[.*?\]", "", pin).split("==") for pin in direct)
        assert wanted.items() <= pins(name).items(), f"{name} must be compiled again"


def test_every_make_target_is_three_lines_at_most() -> None:
    blocks = re.findall(
        r"^([\w-]+):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert {target for target, _ in blocks} == {
        *("serve", "test", "test-long", "lint", "bench", "vendor", "screenshots")
    }
    assert max(1 + recipe.count("\n") for _, recipe in blocks) <= 3
