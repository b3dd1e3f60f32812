"""The shipped policy covers every clause, and says all that Article 13 of the GDPR asks for."""

import re
from pathlib import Path

import pytest

from app.policy.promises.reading import CLAUSES

TEXT = (Path(__file__).parents[3] / "content/policy/0001.md").read_text()

#: What must be told where data is collected, and the words here that tell it.
ARTICLE_13 = {
    "1a who the controller is": ("{{ policy.controller.name }}", "{{ policy.controller.address }}"),
    "1a how to reach the controller": ("{{ policy.contact.email }}", "(/contact/)"),
    "1b the data protection officer": ("data protection officer",),
    "1c purposes and bases": (
        "6(1)(a)",
        "6(1)(b)",
        "6(1)(c)",
        "6(1)(f)",
        "(#everything-we-hold)",
    ),
    "1d legitimate interests": ("a conversation without abuse", "who looked at what"),
    "1e recipients": ("{{ policy.tables.processors }}", "## Who can see it"),
    "1f transfers": ("European Economic Area",),
    "2a periods": (
        "## When it is gone",
        "{{ policy.keep.backups }}",
        "{{ policy.keep.comment_ip }}",
    ),
    "2b access and portability": ("- **See**", "- **Take it along**"),
    "2b rectification and erasure": ("- **Correct**", "- **Erase**"),
    "2b restriction and objection": ("- **Restrict**", "- **Object**"),
    "2c withdrawing consent": ("**take back** any consent",),
    "2d complaint": ("- **Complain** to {{ policy.authority.name }}",),
    "2e whether one must": ("No law and no contract obliges you",),
    "2f automated decisions": ("decided about you by a machine alone", "nobody is profiled"),
    "14 other sources": ("We get this data from you", "What we did not get from you"),
}
#: What cannot be promised, said where a reader looks for it.
LIMITS = (
    "whoever controls the machine and the file with the keys can read everything",
    "Whoever steals the database alone sees public texts",
    "is no lock",
    "base copies still hold the old bytes",
    "{{ policy.backups.address_longer }}",
)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_clause_stands_in_the_text_once() -> None:
    marks = re.findall(r"^\[(c\d+(?:, c\d+)*)\] ", TEXT, re.MULTILINE)
    names = [name for mark in marks for name in mark.split(", ")]
    assert sorted(names) == sorted(f"c{number}" for number in range(1, CLAUSES + 1))


@pytest.mark.parametrize("item", ARTICLE_13)
def test_everything_that_article_13_asks_for_is_told(item: str) -> None:
    assert [words for words in ARTICLE_13[item] if flat(words) not in flat(TEXT)] == []


@pytest.mark.parametrize("limit", LIMITS)
def test_what_cannot_be_promised_is_said(limit: str) -> None:
    assert flat(limit) in flat(TEXT)
