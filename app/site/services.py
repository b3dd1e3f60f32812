"""What a changed content file does to the site's settings and pages."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock, markup
from app.core.content import ContentProblem, Document, Fields, Workshop, keep_settings

from .models import PageAlias, SitePage
from .sections import Reader
from .settings import Site, to_document

HOME = "home"
LONGEST_ADDRESS = 500


@dataclass(frozen=True)
class PageDraft:
    """A page file, read and rendered."""

    path: str
    digest: str
    title: str
    description: str | None
    sections: tuple[dict[str, Any], ...]
    plain: str
    is_draft: bool
    updated_at: datetime | None
    aliases: tuple[str, ...]


def read_page(document: Document, workshop: Workshop) -> PageDraft:
    """The page a file describes. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    reader = Reader(document, workshop)
    sections = [reader.section(entry) for entry in fields.each("sections", most=40)]
    if document.body.strip():
        body = workshop.render(document)
        sections.append({"type": "text", "title": None, "body_html": body.html})
        reader.words.append(body.html)
    draft = PageDraft(
        path=_path(document),
        digest=document.digest,
        title=fields.text("title", longest=120),
        description=fields.optional_text("description", longest=300),
        sections=tuple(sections),
        plain=markup.plain_text(" ".join(reader.words)),
        is_draft=fields.flag("draft"),
        updated_at=fields.moment("updated", zone=workshop.zone),
        aliases=tuple(alias.strip("/") for alias in fields.texts("aliases")),
    )
    fields.done()
    return draft


def first_part(path: str) -> str | None:
    """The first part of a page file's address; home has none."""
    part = path.removeprefix("pages/").removesuffix(".md").split("/")[0]
    return None if part == HOME else part


def apply_page(session: Session, source: str, draft: PageDraft, gone: Set[str]) -> None:
    """Store a page; a renamed file keeps its row, and its old address leads to the new one.

    Raises `ContentProblem` when another file already has the address.
    """
    holder = session.scalar(sa.select(SitePage).where(SitePage.path == draft.path))
    mine = session.scalar(sa.select(SitePage).where(SitePage.source == source))
    if holder and holder is not mine:
        if holder.removed_at is None and holder.source not in gone:
            raise ContentProblem(f"has the same address as {holder.source}")
        if mine is None:
            mine = holder
        else:
            session.delete(holder)
            session.flush()
    page = mine or _renamed(session, draft, gone) or SitePage()
    if page.id and page.path != draft.path:
        _keep_alias(session, page.path, page.id)
    _fill(page, source, draft)
    session.add(page)
    session.flush()
    for alias in draft.aliases:
        _keep_alias(session, alias, page.id)
    session.execute(sa.delete(PageAlias).where(PageAlias.path == draft.path))


def remove_page(session: Session, source: str) -> None:
    """Take a page down; its address answers that it is gone."""
    session.execute(
        sa.update(SitePage)
        .where(SitePage.source == source, SitePage.removed_at.is_(None))
        .values(removed_at=clock.now())
    )


def apply_site(session: Session, _source: str, site: Site, _gone: Set[str]) -> None:
    """Store the settings in place of the ones before."""
    keep_settings(session, to_document(site))


def remove_site(_session: Session, _source: str) -> None:
    """A site without its settings file keeps the last it had."""


def _path(document: Document) -> str:
    path = document.path.removeprefix("pages/").removesuffix(".md")
    if path == HOME:
        return ""
    for part in path.split("/"):
        Fields({"file name": part}).slug("file name", default=part)
    if len(path) > LONGEST_ADDRESS:
        raise ContentProblem(f"has an address longer than {LONGEST_ADDRESS} characters")
    return path


def _renamed(session: Session, draft: PageDraft, gone: Set[str]) -> SitePage | None:
    """The page this file was before it was renamed: same content, or named as an alias."""
    same = sa.or_(SitePage.digest == draft.digest, SitePage.path.in_(draft.aliases))
    for page in session.scalars(sa.select(SitePage).where(same)):
        if page.source in gone or page.removed_at is not None:
            return page
    return None


def _fill(page: SitePage, source: str, draft: PageDraft) -> None:
    page.source = source
    page.path = draft.path
    page.digest = draft.digest
    page.title = draft.title
    page.description = draft.description
    page.sections = list(draft.sections)
    page.plain = draft.plain
    page.is_draft = draft.is_draft
    page.updated_at = draft.updated_at
    page.removed_at = None


def _keep_alias(session: Session, path: str, page_id: int) -> None:
    session.execute(sa.delete(PageAlias).where(PageAlias.path == path))
    session.add(PageAlias(path=path, page_id=page_id))
    session.flush()
