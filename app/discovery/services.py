"""Keeping the search index in line with what is published."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import db, transaction
from app.core.registry import SearchSource, registry

from .models import SearchEntry

BATCH = 200
WORTH_COUNTING = 1_000
FEEDBACK = "feedback.cards"


def refresh_index() -> None:
    """Take in what is new or changed, drop what is gone; repeating it changes nothing."""
    for source in registry().every("search"):
        _refresh(source)


def on_content_synced(_sender: Any, **_facts: Any) -> None:
    """The listener that refreshes the index when content changed."""
    refresh_index()


def on_feedback_changed(_sender: Any, *, number: int, **_facts: Any) -> None:
    """The listener that takes in, or drops, one card of feedback."""
    refresh_document(FEEDBACK, number)


def refresh_document(name: str, source_id: int) -> None:
    """Take in one document of a source as it is now, or drop it when it is not public."""
    [source] = [source for source in registry().every("search") if source.name == name]
    rows = sa.select(SearchEntry.digest).where(
        SearchEntry.source == name, SearchEntry.source_id == source_id
    )
    with transaction() as session:
        documents = list(source.documents([source_id]))
        known = session.scalar(rows)
        if not documents:
            _drop(session, source, [source_id])
        elif known != documents[0].digest:
            _take_in(session, source, [source_id], {source_id: known} if known else {})


def _refresh(source: SearchSource) -> None:
    current = source.fingerprints()
    rows = sa.select(SearchEntry).where(SearchEntry.source == source.name)
    columns = rows.with_only_columns(SearchEntry.source_id, SearchEntry.digest)
    stored = {row.source_id: row.digest for row in db.session.execute(columns)}
    gone = [source_id for source_id in stored if source_id not in current]
    changed = [
        source_id for source_id, digest in current.items() if stored.get(source_id) != digest
    ]
    for start in range(0, len(gone), BATCH):
        with transaction() as session:
            _drop(session, source, gone[start : start + BATCH])
    for start in range(0, len(changed), BATCH):
        with transaction() as session:
            _take_in(session, source, changed[start : start + BATCH], stored)
    if len(changed) > WORTH_COUNTING:
        with transaction() as session:
            # Until the database has counted, it takes every word for a rare one.
            session.execute(sa.text("ANALYZE search_entries"))


def _drop(session: Session, source: SearchSource, ids: list[int]) -> None:
    session.execute(
        sa.delete(SearchEntry).where(
            SearchEntry.source == source.name, SearchEntry.source_id.in_(ids)
        )
    )


def _take_in(
    session: Session, source: SearchSource, ids: list[int], stored: dict[int, str]
) -> None:
    """A known document keeps its row: rows are numbered by age, which search uses as order."""
    for document in source.documents(ids):
        values = asdict(document)
        if document.source_id not in stored:
            session.execute(sa.insert(SearchEntry).values(values))
            continue
        session.execute(
            sa.update(SearchEntry)
            .where(SearchEntry.source == source.name, SearchEntry.source_id == document.source_id)
            .values(values)
        )
