"""The site's pages, as last read from the content folder."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Model, UtcDateTime


class SitePage(Model):
    """One marketing page. `path` is its address without the outer slashes; home is empty."""

    __tablename__ = "site_pages"

    path: Mapped[str] = mapped_column(String(500), unique=True)
    source: Mapped[str] = mapped_column(String(1_000), index=True)
    digest: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str | None] = mapped_column(String(500))
    sections: Mapped[Any] = mapped_column(JSON)
    plain: Mapped[str] = mapped_column(Text)
    is_draft: Mapped[bool] = mapped_column()
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def address(self) -> str:
        """Where the page is on this site."""
        return f"/{self.path}/" if self.path else "/"


class PageAlias(Model):
    """An address a page had before."""

    __tablename__ = "page_aliases"

    path: Mapped[str] = mapped_column(String(500), unique=True)
    page_id: Mapped[int] = mapped_column(
        ForeignKey("site_pages.id", ondelete="CASCADE"), index=True
    )
