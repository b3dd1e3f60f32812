"""The schema that migrations make is the schema that models mean, on both databases."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app.core.database import Model, db
from app.core.instance import alembic_config
from app.core.jobs import JobTurn
from tests.folder import ContentFolder
from tests.street import build_street

pytestmark = pytest.mark.database

FILE_NAME = re.compile(r"\d{4}_\d{2}_\d{2}_[a-z0-9_]+\.py")


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def is_ours(_thing: Any, name: str | None, *_: Any) -> bool:
    """Not the full-text index, which each database keeps in its own way."""
    return not (name or "").startswith(
        ("search_words", "search_titles", "words", "ix_search_entries_words")
    )


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_ours}
        )
        return compare_metadata(context, Model.metadata)


def names() -> set[str]:
    """Every table, index, trigger and the like that the database holds."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    else:
        query = (
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = 'public' UNION SELECT cfgname FROM pg_ts_config c "
            "JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE nspname = 'public' "
            "UNION SELECT dictname FROM pg_ts_dict d "
            "JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE nspname = 'public'"
        )
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.text(query)))


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Model.metadata.sorted_tables
        }


@pytest.mark.usefixtures("inside")
def test_upgrading_from_empty_gives_the_models() -> None:
    assert differences() == []


@pytest.mark.usefixtures("inside")
def test_every_column_of_the_models_takes_what_it_says() -> None:
    inspector = sa.inspect(db.engine)
    for table in Model.metadata.sorted_tables:
        found = {column["name"]: column for column in inspector.get_columns(table.name)}
        for column in table.columns:
            assert found[column.name]["nullable"] == column.nullable, f"{table.name}.{column.name}"


@pytest.mark.usefixtures("inside")
def test_a_planted_difference_is_seen() -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE job_turns ADD COLUMN surprise INTEGER"))
    assert differences()


@pytest.mark.usefixtures("inside")
def test_all_the_way_down_leaves_nothing_and_up_again_gives_the_same() -> None:
    before = names()
    command.downgrade(alembic_config(), "base")
    assert names() <= {"alembic_version", "alembic_version_pkc"}
    command.upgrade(alembic_config(), "head")
    assert names() == before
    assert differences() == []


def test_upgrading_a_filled_database_keeps_every_row(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    build_street(content)
    read()
    with app.app_context():
        before = counts()
        command.upgrade(alembic_config(), "head")
        assert counts() == before
        assert before["posts"] == 4


def test_a_filled_database_goes_down_and_up_and_fills_again(
    app: Flask, content: ContentFolder, read: Any
) -> None:
    build_street(content)
    read()
    with app.app_context():
        before = counts()
        command.downgrade(alembic_config(), "base")
        command.upgrade(alembic_config(), "head")
    read()
    with app.app_context():
        assert counts() == before | {JobTurn.__tablename__: 0}
    assert "Tulips" in app.test_client().get("/search/?q=tulips").text


@pytest.mark.usefixtures("inside")
def test_there_is_one_newest_version_and_every_file_says_its_day() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert len(scripts.get_heads()) == 1
    for script in scripts.walk_revisions():
        file = Path(script.path)
        assert FILE_NAME.fullmatch(file.name)
        assert file.stem == script.revision
