"""Everybody can read how often data was asked for and given, without a word about anybody."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.privacy import Viewer, record
from app.core.privacy.disclosures import (
    Kind,
    Outcome,
    approve,
    conclude,
    enter,
    release,
)
from app.core.registry import Tally, registry
from app.disclosures.letters import tell_those_named
from tests.unit.disclosures.conftest import demand

pytestmark = pytest.mark.database

As = Callable[[str], Viewer]
PAGE = "/privacy/transparency/"
MAY = datetime(2027, 5, 20, tzinfo=UTC)


def entry(as_: As, **changed: Any) -> int:
    return enter(demand(**changed), as_("otto")).id


def given(as_: As, **changed: Any) -> int:
    """A demand that was met."""
    number = entry(as_, **changed)
    for name in ("otto", "ona"):
        approve(number, as_(name))
    conclude(
        release(number, as_("otto")), as_("otto"), Outcome.COMPLIED, accounts=1, file_hash=bytes(32)
    )
    tell_those_named()
    return number


def rows_of_csv(app: Flask) -> list[dict[str, str]]:
    answer = app.test_client().get(f"{PAGE}report.csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def demands(app: Flask, year: int = 2026) -> dict[str, list[str]]:
    names = ("received", "disclosed", "accounts", "notified", "barred")
    return {
        row["what"]: [row[name] for name in names]
        for row in rows_of_csv(app)
        if row["section"] == "demands" and row["period"] == str(year)
    }


@pytest.mark.promise("transparency-report")
def test_the_counts_are_those_of_the_register(keepers: Flask, as_: As) -> None:
    assert all(row == ["0"] * 5 for row in demands(keepers).values()), "none is said, too"
    given(as_)
    entry(as_, kind=Kind.SUBPOENA)
    good = {"kind": Kind.GOOD_FAITH, "reason": "A life is at stake.", "document_hash": None}
    given(as_, **good)
    found = demands(keepers)
    assert set(found) == {
        "Subpoena",
        "Court order",
        "Search warrant",
        "Request of another authority",
        "Civil demand",
        "In good faith, without a demand",
    }
    assert found["Court order"] == ["1", "1", "1", "1", "0"]
    assert found["Subpoena"] == ["1", "0", "0", "0", "0"]
    assert found["In good faith, without a demand"] == ["1", "1", "1", "1", "0"], "counted apart"
    assert found["Civil demand"] == ["0"] * 5


@pytest.mark.promise("transparency-report")
def test_page_csv_and_json_say_the_same(
    keepers: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(as_)
    record("look.refused")
    tallies = [Tally("exports", date(2027, 3, 1), 4), Tally("erasures", date(2027, 5, 1), 9)]
    monkeypatch.setattr(type(registry()), "every", _also(tallies))
    monkeypatch.setattr(clock, "now", lambda: MAY)
    client = keepers.test_client()
    table = rows_of_csv(keepers)
    parsed = json.loads(client.get(f"{PAGE}report.json").text)["rows"]
    assert [{name: str(cell) for name, cell in row.items()} for row in parsed] == [
        {name: cell for name, cell in row.items() if cell} for row in table
    ]
    cells = [
        [
            re.sub(r"<.*?>", "", cell)
            for cell in re.findall(r"<t[hd] (?:scope=.row|data).*?</t", row)
        ]
        for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", client.get(PAGE).text, re.DOTALL)
    ]
    shown = [[cell.removesuffix("</t") for cell in row] for row in cells]
    for row in table:
        numbers = [row[n] for n in ("received", "disclosed", "accounts", "notified", "barred")]
        numbers = [number for number in (*numbers, row["count"]) if number]
        words = ["None" if number == "0" else number for number in numbers]
        assert any(line[-len(words) :] == words for line in shown), row
    assert {"2027-03": "4"}.items() <= {
        row["period"]: row["count"] for row in table if row["what"] == "exports"
    }.items()
    assert not [row for row in table if row["period"] == "2027-05"], "a month that is not over"
    assert [row["period"] for row in table if row["what"] == "looks"] == ["2027 Q1", "2026 Q4"]


def _also(tallies: list[Tally]) -> Any:
    every = type(registry()).every

    def asked(self: Any, slot: str) -> Any:
        return iter([lambda: tallies]) if slot == "transparency" else every(self, slot)

    return asked


@pytest.mark.promise("transparency-report")
def test_under_a_duty_of_silence_a_demand_is_counted_when_that_ends(
    keepers: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(as_, barred_until=MAY.date())
    assert demands(keepers)["Court order"] == ["0"] * 5
    monkeypatch.setattr(clock, "now", lambda: MAY)
    tell_those_named()
    assert demands(keepers)["Court order"] == ["1", "1", "1", "1", "1"]


def test_it_costs_four_statements_at_most_and_sets_nothing(
    keepers: Flask, as_: As, statements: list[str]
) -> None:
    given(as_)
    client = keepers.test_client()
    client.get(PAGE)
    statements.clear()
    answer = client.get(PAGE)
    said = [one for one in statements if not one.startswith("BEGIN")]
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert len(said) <= 4, said
