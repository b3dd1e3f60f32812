"""The site's pages, as last read from the content folder."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


class SitePage(Model):
    """One marketing page. `path` is its address without the outer slashes; home is empty."""

    __tablename__ = "site_pages"

    path: Mapped[str] = not_personal("address of a page", String(500), unique=True)
    source: Mapped[str] = not_personal("path of a content file", String(1_000), index=True)
    digest: Mapped[str] = not_personal("hash of a content file", String(32))
    title: Mapped[str] = not_personal("what the company publishes", String(300))
    description: Mapped[str | None] = not_personal("what the company publishes", String(500))
    sections: Mapped[Any] = not_personal("what the company publishes", JSON)
    plain: Mapped[str] = not_personal("what the company publishes", Text)
    is_draft: Mapped[bool] = not_personal("whether it is published")
    updated_at: Mapped[datetime | None] = not_personal("when the page was changed", UtcDateTime)
    removed_at: Mapped[datetime | None] = not_personal("when its file was removed", UtcDateTime)

    @property
    def address(self) -> str:
        """Where the page is on this site."""
        return f"/{self.path}/" if self.path else "/"


class PageAlias(Model):
    """An address a page had before."""

    __tablename__ = "page_aliases"

    path: Mapped[str] = not_personal("former address of a page", String(500), unique=True)
    page_id: Mapped[int] = not_personal(
        "which page", ForeignKey("site_pages.id", ondelete="CASCADE"), index=True
    )
