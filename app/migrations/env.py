"""Alembic's environment: the app's own engine, the app's own models."""

from typing import Any

from alembic import context

from app.core.database import Model, db

# What each database keeps for search beside the tables of the models.
SEARCH_INDEX = ("search_words", "search_titles", "words", "ix_search_entries_words")


def is_ours(thing: Any, name: str | None, _kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether Alembic compares this table, column or index with the models."""
    return not (name or "").startswith(SEARCH_INDEX)


def run() -> None:
    """Run the migrations in one transaction under the write lock."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=is_ours,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
