"""What counts the use of the site knows nobody."""

import pytest

from app.core.database import Model
from tests.house.test_imports import imported, modules

#: All of the product that a person could be found by.
PEOPLE = ("accounts", "comments", "feedback", "moderation", "desk", "rights", "mailings", "billing")
FORBIDDEN = tuple(f"app.{package}" for package in PEOPLE)
TABLES = ("trend_days", "trend_years", "trend_reports", "trend_files")


def uses(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """What a source imports that knows people."""
    return [
        target
        for target in imported(module, source, is_package=is_package)
        if target.startswith(FORBIDDEN)
    ]


@pytest.mark.promise("use-apart-from-people")
def test_no_part_that_knows_people_is_used() -> None:
    ours = {name: file for name, file in modules().items() if name.startswith("app.trends")}
    assert len(ours) > 15
    for name, file in ours.items():
        assert uses(name, file.read_text(), is_package=file.stem == "__init__") == [], name


def test_a_planted_import_is_seen() -> None:
    assert uses("app.trends.tallies", "def f():\n    from app.comments import Comment")


@pytest.mark.promise("use-apart-from-people")
def test_no_table_of_totals_refers_to_another() -> None:
    for name in TABLES:
        assert not Model.metadata.tables[name].foreign_keys
    others = [table for table in Model.metadata.sorted_tables if table.name not in TABLES]
    referred = {key.column.table.name for table in others for key in table.foreign_keys}
    assert referred.isdisjoint(TABLES)
