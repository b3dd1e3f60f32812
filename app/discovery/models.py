"""The search index: a copy of every public text, made anew whenever the original changes."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Model, UtcDateTime


class SearchEntry(Model):
    """One document that search may find.

    The database keeps the words of `title`, `summary` and `body` in an index of its
    own beside this table: FTS5 on SQLite, a tsvector on PostgreSQL.
    """

    __tablename__ = "search_entries"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(1_000))
    section: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    visible_from: Mapped[datetime] = mapped_column(UtcDateTime)
    visible_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
