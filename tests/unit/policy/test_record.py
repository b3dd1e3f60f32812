"""The record of processing activities: complete, as declared, and the same in each format."""

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.privacy import inventory
from app.policy.record.making import Record, empty_cells, make_record
from tests.folder import ContentFolder

SNAPSHOT = Path(__file__).parents[2] / "snapshots" / "privacy" / "record.md"
WRITE = "CLIENTFLOW_TEST_WRITE_SNAPSHOTS"


@pytest.fixture(scope="module")
def printed(shipped: Flask) -> dict[str, str]:
    """What the command prints in each format for the shipped content."""
    runner = shipped.test_cli_runner()
    with time_machine.travel("2026-11-24T12:00:00Z", tick=False):
        return {
            shape: runner.invoke(args=["privacy", "record", "--format", shape]).output
            for shape in ("md", "json", "csv")
        }


@pytest.fixture(scope="module")
def record(shipped: Flask) -> Record:
    with shipped.app_context():
        return make_record()


def test_no_cell_of_the_record_is_empty(record: Record) -> None:
    assert empty_cells(record) == []


def test_an_empty_cell_would_be_seen(record: Record) -> None:
    first = replace(record.activities[0], purposes=(), transfers=(" ",))
    bare = replace(record, contact="", activities=(first,))
    assert empty_cells(bare) == ["contact", f"{first.name}: purposes", f"{first.name}: transfers"]


@pytest.mark.promise("every-column-declared")
def test_every_personal_column_is_in_it_once(shipped: Flask, record: Record) -> None:
    held = [column for activity in record.activities for column in activity.held_in]
    with shipped.app_context():
        assert sorted(held) == sorted(f"{entry.table}.{entry.column}" for entry in inventory())


def test_it_is_as_somebody_last_read_it(printed: dict[str, str]) -> None:
    if os.environ.get(WRITE):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(printed["md"])
    assert printed["md"] == SNAPSHOT.read_text()


def test_each_format_holds_the_same(printed: dict[str, str]) -> None:
    facts = json.loads(printed["json"])
    rows = list(csv.DictReader(io.StringIO(printed["csv"], newline="")))
    assert [row["name"] for row in rows] == [entry["name"] for entry in facts["activities"]]
    assert all(value for row in rows for value in row.values())
    for entry in facts["activities"]:
        for purpose in entry["purposes"]:
            assert purpose.replace("|", "\\|") in printed["md"]


def test_whoever_works_for_the_site_is_a_recipient_with_a_safeguard(
    make_app: Any, content: ContentFolder, shipped: Flask
) -> None:
    content.processor("smtp.example.org")
    shipped_content = shipped.config["CONTENT"]
    for name in ("site.toml", "policy/promises.toml"):
        content.write(name, (shipped_content / name).read_text())
    app = make_app()
    answer = app.test_cli_runner().invoke(args=["content", "sync"])
    assert answer.exit_code == 0, answer.output
    with app.app_context():
        first = make_record().activities[0]
    assert first.recipients == ("Example Mail Ltd, which delivers mail",)
    assert first.transfers == ("Ireland: a contract",)


def test_what_only_people_can_say_is_asked_for(app: Flask, read: Any) -> None:
    read()
    answer = app.test_cli_runner().invoke(args=["privacy", "record"])
    assert answer.exit_code == 1
    assert "site.toml names no contact.postal" in answer.output
