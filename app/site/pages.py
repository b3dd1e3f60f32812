"""Putting a page together: its sections, what only this moment knows, and its facts."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from app.core.web import (
    Crumb,
    Meta,
    absolute,
    page_meta,
    page_part,
    protect_draft,
    structured_data,
)

from .models import SitePage
from .queries import published_page
from .settings import Site

CONTACT = "contact"


def render_page(path: str, *, contact: Any = None) -> str:
    """The page at a path.

    `contact` is the answer to a form that was sent from it, shown in place of the empty
    one; such an answer is not for search engines. Raises as `published_page` does.
    """
    page = published_page(path)
    sections = list(page.sections)
    if contact is not None and all(section["type"] != CONTACT for section in sections):
        # A page that was changed meanwhile still gives back what was typed.
        sections.append({"type": CONTACT, "title": "Write to us", "intro": None})
    shown = [_filled(section, contact) for section in sections]
    facts = {"title": page.title, "description": page.description, "updated": page.updated_at}
    values = {"page": facts | {"sections": shown}, "meta": _meta(page, contact)}
    return render_template("site/page.html", **values)


def _filled(section: dict[str, Any], contact: Any) -> dict[str, Any]:
    """The section with what only this moment knows, and its safe HTML marked as such."""
    match section["type"]:
        case "posts":
            return section | {"cards": page_part("latest_posts")(section["blog"], section["count"])}
        case "quotes":
            return section | {"cards": page_part("home_quotes")(section["count"])}
        case "contact":
            protect_draft("contact-fields", "/contact/")
            return section | {"letter": contact or page_part("contact_letter")}
        case "text":
            return section | {"body_html": Markup(section["body_html"])}
        case "questions":
            items = section["items"]
            shown = [item | {"answer_html": Markup(item["answer_html"])} for item in items]
            return section | {"items": shown}
    return section


def _meta(page: SitePage, contact: Any) -> Meta:
    site: Site = page_part("site")
    crumbs = (Crumb("Home", "/"), Crumb(page.title)) if page.path else ()
    structured = () if page.path else (structured_data(_organisation(site)),)
    title = page.title if page.path else site.tagline or site.name
    meta = Meta(
        title=f"Error: {title}" if contact is not None and contact.form.errors else title,
        description=page.description or site.description or None,
        canonical=absolute(page.address),
        feeds=page_part("feed_links"),
        breadcrumbs=crumbs,
        structured=structured,
        robots="noindex" if contact is not None else None,
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
