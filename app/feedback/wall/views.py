"""The public pages of feedback: the wall and the page of one card."""

from typing import Any

from flask import Blueprint, render_template, url_for

from app.core.web import (
    Crumb,
    FeedLink,
    Meta,
    absolute,
    page_meta,
    page_part,
    public,
    structured_data,
)

from ..cards import Published
from ..models import Kind
from .figures import figures
from .publishing import WALL, headline
from .queries import SHELVES, wall_card, wall_page

bp = Blueprint("wall", __name__, url_prefix="/feedback")

_SHELF = f"<any({', '.join(SHELVES)}):shelf>"
_ABOUT = "What people said about {name}, word for word, because they agreed that it is public."


@bp.get("/", defaults={"shelf": None, "before": None})
@bp.get("/before/<int:before>/", defaults={"shelf": None})
@bp.get(f"/{_SHELF}/", defaults={"before": None})
@bp.get(f"/{_SHELF}/before/<int:before>/")
@public
def index(shelf: str | None, before: int | None) -> str:
    """What is public today, newest first."""
    page = wall_page(shelf, before)
    shelves = [("Everything", None), *((label, key) for key, (_kind, label) in SHELVES.items())]
    older = url_for("wall.index", shelf=shelf, before=page.older) if page.older else None
    return render_template(
        "feedback/wall.html",
        page=page,
        figures=figures(),
        shelf=shelf,
        shelves=[(label, url_for("wall.index", shelf=key), key) for label, key in shelves],
        newest=url_for("wall.index", shelf=shelf) if before else None,
        older=older,
        meta=_wall_meta(shelf, before, older),
    )


@bp.get("/<int:number>/")
@public
def show(number: int) -> str:
    """One card, with what the site answered to it."""
    published, hung = wall_card(number)
    return render_template("feedback/show.html", item=hung, meta=_card_meta(published))


def _wall_meta(shelf: str | None, before: int | None, older: str | None) -> Meta:
    here = url_for("wall.index", shelf=shelf)
    label = SHELVES[shelf][1] if shelf else "Feedback"
    crumbs = [Crumb("Home", "/"), Crumb("Feedback", WALL if shelf else None)]
    meta = Meta(
        title=f"{label}, further back" if before else label,
        description=_ABOUT.format(name=page_part("site").name),
        canonical=absolute(url_for("wall.index", shelf=shelf, before=before)),
        feeds=(
            FeedLink(label, f"{here}feed.xml"),
            FeedLink(label, f"{here}feed.json", "application/feed+json"),
        ),
        breadcrumbs=tuple([*crumbs, Crumb(label)] if shelf else crumbs),
        next=older,
    )
    return page_meta(meta, section="Feedback" if shelf else None)


def _card_meta(published: Published) -> Meta:
    view = published.view
    title = headline(published.text)
    meta = Meta(
        title=title,
        description=f"{view.label}, {view.credit}.",
        canonical=absolute(view.address),
        kind="article",
        feeds=(FeedLink("Feedback", f"{WALL}feed.xml"),),
        breadcrumbs=(Crumb("Home", "/"), Crumb("Feedback", WALL), Crumb(title)),
        structured=(structured_data(_said(published)),),
    )
    return page_meta(meta, section="Feedback")


def _said(published: Published) -> dict[str, Any]:
    """https://schema.org/Review for praise and problems, else https://schema.org/Comment.

    A review without a star: nobody was asked for one.
    """
    view, site = published.view, page_part("site")
    about = {"@type": "Organization", "name": site.name, "url": absolute("/")}
    is_review = view.kind in (Kind.PRAISE, Kind.PROBLEM)
    said = (
        {
            "@type": "Review",
            "itemReviewed": about,
            "reviewBody": published.text,
        }
        if is_review
        else {"@type": "Comment", "about": about, "text": published.text}
    )
    return {
        "@context": "https://schema.org",
        **said,
        "url": absolute(view.address),
        "datePublished": published.published_at.isoformat(),
        "author": {"@type": "Person", "name": view.credit},
        "inLanguage": site.language,
    }
