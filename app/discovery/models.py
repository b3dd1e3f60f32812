"""The search index: a copy of every public text, made anew whenever the original changes."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


class SearchEntry(Model):
    """One document that search may find.

    The database keeps the words of `title`, `summary` and `body` in an index of its
    own beside this table: FTS5 on SQLite, a tsvector on PostgreSQL.
    """

    __tablename__ = "search_entries"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    source: Mapped[str] = not_personal("which feature", String(40))
    source_id: Mapped[int] = not_personal("which document")
    digest: Mapped[str] = not_personal("hash of a public document", String(200))
    address: Mapped[str] = not_personal("address of a public document", String(1_000))
    section: Mapped[str] = not_personal("kind of a public document", String(120))
    title: Mapped[str] = not_personal("copy of what is public", String(300))
    summary: Mapped[str] = not_personal("copy of what is public", Text)
    body: Mapped[str] = not_personal("copy of what is public", Text)
    visible_from: Mapped[datetime] = not_personal("moment of publication", UtcDateTime)
    visible_until: Mapped[datetime | None] = not_personal("end of publication", UtcDateTime)
