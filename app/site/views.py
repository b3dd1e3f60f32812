"""The public pages of the company."""

from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup

from app.core.web import Crumb, Meta, absolute, page_meta, page_part, public, structured_data

from .models import SitePage
from .queries import published_page
from .settings import Site

bp = Blueprint("site", __name__)


@bp.get("/", defaults={"path": ""})
@bp.get("/<page:path>/")
@public
def show(path: str) -> str:
    """A page made of its sections."""
    page = published_page(path)
    sections = [_filled(section) for section in page.sections]
    facts = {"title": page.title, "description": page.description, "updated": page.updated_at}
    return render_template("site/page.html", page=facts | {"sections": sections}, meta=_meta(page))


def _filled(section: dict[str, Any]) -> dict[str, Any]:
    """The section with what only this moment knows, and its safe HTML marked as such."""
    if section["type"] == "posts":
        return section | {"cards": page_part("latest_posts")(section["blog"], section["count"])}
    if section["type"] == "text":
        return section | {"body_html": Markup(section["body_html"])}
    if section["type"] == "questions":
        items = [item | {"answer_html": Markup(item["answer_html"])} for item in section["items"]]
        return section | {"items": items}
    return section


def _meta(page: SitePage) -> Meta:
    site: Site = page_part("site")
    crumbs = (Crumb("Home", "/"), Crumb(page.title)) if page.path else ()
    structured = () if page.path else (structured_data(_organisation(site)),)
    meta = Meta(
        title=page.title if page.path else site.tagline or site.name,
        description=page.description or site.description or None,
        canonical=absolute(page.address),
        feeds=page_part("feed_links"),
        breadcrumbs=crumbs,
        structured=structured,
    )
    return page_meta(meta)


def _organisation(site: Site) -> dict[str, Any]:
    """https://schema.org/Organization and https://schema.org/WebSite"""
    organisation = {"@type": "Organization", "name": site.name, "url": absolute("/")}
    if site.contact.email:
        organisation["email"] = site.contact.email
    website = {
        "@type": "WebSite",
        "name": site.name,
        "url": absolute("/"),
        "inLanguage": site.language,
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute("/search/?q={search_term_string}"),
            "query-input": "required name=search_term_string",
        },
    }
    return {"@context": "https://schema.org", "@graph": [organisation, website]}
