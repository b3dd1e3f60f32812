"""What readers may see of the site's pages."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from app.core.content import site_settings
from app.core.database import db
from app.core.errors import Gone, Missing, Moved
from app.core.registry import Location, PublicDocument

from .models import PageAlias, SitePage
from .settings import Site, from_document

SOURCE = "site.pages"

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_PUBLISHED = (SitePage.removed_at.is_(None), SitePage.is_draft.is_(False))


def current_site() -> Site:
    """The site's settings; the defaults until a `site.toml` was read."""
    document = site_settings()
    return from_document(document) if document else Site()


def published_page(path: str) -> SitePage:
    """The page at a path.

    Raises `Moved` for an address it had before, `Gone` for a page taken down, else `Missing`.
    """
    page = db.session.scalar(sa.select(SitePage).where(SitePage.path == path))
    if page is None or page.is_draft or page.removed_at is not None:
        raise _elsewhere(path, is_gone=page is not None and page.removed_at is not None)
    return page


def page_locations() -> Iterator[Location]:
    """Every published page, for the sitemap."""
    for page in db.session.scalars(sa.select(SitePage).where(*_PUBLISHED).order_by(SitePage.path)):
        yield Location(address=page.address, changed_at=page.updated_at)


def page_fingerprints() -> Mapping[int, str]:
    """The digest of every published page."""
    rows = db.session.execute(sa.select(SitePage.id, SitePage.digest).where(*_PUBLISHED))
    return {row.id: row.digest for row in rows}


def page_documents(ids: Iterable[int]) -> Iterator[PublicDocument]:
    """Published pages as search finds them."""
    for page in db.session.scalars(sa.select(SitePage).where(SitePage.id.in_(ids), *_PUBLISHED)):
        yield PublicDocument(
            source=SOURCE,
            source_id=page.id,
            digest=page.digest,
            address=page.address,
            section="Pages",
            title=page.title,
            summary=page.description or "",
            body=page.plain,
            visible_from=page.updated_at or _ALWAYS,
            visible_until=None,
        )


def _elsewhere(path: str, *, is_gone: bool) -> Exception:
    """What to answer for a path without a page that is shown."""
    page = db.session.scalar(
        sa.select(SitePage)
        .join(PageAlias, PageAlias.page_id == SitePage.id)
        .where(PageAlias.path == path, *_PUBLISHED)
    )
    if page:
        return Moved(page.address)
    return Gone() if is_gone else Missing()
