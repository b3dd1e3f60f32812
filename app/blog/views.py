"""The public pages of a blog."""

import calendar
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, send_file, url_for
from markupsafe import Markup

from app.core import images
from app.core.errors import Gone, Missing
from app.core.web import page_numbers, page_part, public

from .cards import Named, card_of
from .lists import shelf_keys, shelf_name, shelf_page
from .models import Blog, Shelf
from .pages import list_meta, render_post
from .queries import (
    all_series,
    author_called,
    authors_called,
    published_post,
    series_posts,
)
from .surroundings import numbered

bp = Blueprint("blog", __name__, url_prefix="/<blog:blog>")


@bp.url_value_preprocessor
def refuse_removed(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Every address of a removed blog says that it is gone, or where its post is now."""
    if values and values["blog"].removed_at is not None and endpoint != "blog.show":
        raise Gone


@bp.get("/", defaults={"number": 1})
@bp.get("/page/<int(min=2):number>/")
@public
def index(blog: Blog, number: int) -> str:
    """The newest posts of a blog."""
    listed = _listed(blog, Shelf.BLOG, "", number, "blog.index")
    meta = _list_meta(blog, blog.title, listed)
    return render_template("blog/index.html", blog=blog, meta=meta, **listed)


@bp.get("/<slug>/")
@public
def show(blog: Blog, slug: str) -> str:
    """One post."""
    return render_post(published_post(blog, slug))


@bp.get("/<slug>/card.png")
@public
def card(blog: Blog, slug: str) -> Response:
    """The picture other sites show beside a link to the post; drawn once, then kept."""
    post = published_post(blog, slug)
    site = page_part("site")
    file = images.card_file(
        post.title,
        site.name,
        accent=site.accent,
        font=Path(current_app.root_path).parent / "static" / "fonts" / "figtree.woff2",
        folder=current_app.config["INSTANCE"] / "media" / "cards",
    )
    return send_file(file.resolve(), mimetype="image/png", max_age=0)


@bp.get("/tags/")
@public
def tags(blog: Blog) -> str:
    """Every tag, with how many posts carry it."""
    named = _named(shelf_keys(blog, Shelf.TAG), f"{blog.address}tags/")
    meta = list_meta(blog, "Tags", address=f"{blog.address}tags/")
    return render_template("blog/tags.html", blog=blog, tags=named, meta=meta)


@bp.get("/tags/<key>/", defaults={"number": 1})
@bp.get("/tags/<key>/page/<int(min=2):number>/")
@public
def tag(blog: Blog, key: str, number: int) -> str:
    """The posts that carry a tag."""
    name = shelf_name(blog, Shelf.TAG, key)
    listed = _listed(blog, Shelf.TAG, key, number, "blog.tag", key=key)
    shown = Named(name, f"{blog.address}tags/{key}/", listed["total"])
    meta = _list_meta(blog, name, listed, feed=f"{shown.address}feed.xml")
    return render_template(
        "blog/tag.html", blog=blog, tag=shown, feed=f"{shown.address}feed.xml", meta=meta, **listed
    )


@bp.get("/authors/")
@public
def authors(blog: Blog) -> str:
    """Everybody who wrote here."""
    keys = shelf_keys(blog, Shelf.AUTHOR)
    known = authors_called([key for key, _name, _count in keys])
    named = [
        Named(
            name, f"{blog.address}authors/{key}/", count, known[key].role if key in known else None
        )
        for key, name, count in keys
    ]
    meta = list_meta(blog, "Authors", address=f"{blog.address}authors/")
    return render_template("blog/authors.html", blog=blog, authors=named, meta=meta)


@bp.get("/authors/<key>/", defaults={"number": 1})
@bp.get("/authors/<key>/page/<int(min=2):number>/")
@public
def author(blog: Blog, key: str, number: int) -> str:
    """An author and what they wrote here."""
    name = shelf_name(blog, Shelf.AUTHOR, key)
    listed = _listed(blog, Shelf.AUTHOR, key, number, "blog.author", key=key)
    known = author_called(key)
    shown = {
        "name": name,
        "role": known.role if known else None,
        "bio_html": Markup(known.bio_html if known else ""),
        "links": known.links if known else [],
        "address": f"{blog.address}authors/{key}/",
    }
    feed = f"{shown['address']}feed.xml"
    meta = _list_meta(blog, name, listed, feed=feed)
    return render_template(
        "blog/author.html", blog=blog, author=shown, feed=feed, meta=meta, **listed
    )


@bp.get("/archive/")
@public
def archive(blog: Blog) -> str:
    """How many posts each year and month has."""
    years = {key: count for key, _name, count in shelf_keys(blog, Shelf.YEAR)}
    months = shelf_keys(blog, Shelf.MONTH)
    shown = [
        {
            "year": year,
            "address": f"{blog.address}archive/{year}/",
            "count": years[year],
            "months": [
                Named(calendar.month_name[int(key[5:])], _month_address(blog, key), count)
                for key, _name, count in reversed(months)
                if key[:4] == year
            ],
        }
        for year in sorted(years, reverse=True)
    ]
    meta = list_meta(blog, "Archive", address=f"{blog.address}archive/")
    return render_template("blog/archive.html", blog=blog, years=shown, meta=meta)


@bp.get("/archive/<int(fixed_digits=4):year>/", defaults={"number": 1})
@bp.get("/archive/<int(fixed_digits=4):year>/page/<int(min=2):number>/")
@public
def year(blog: Blog, year: int, number: int) -> str:
    """The posts of a year."""
    listed = _listed(blog, Shelf.YEAR, f"{year:04}", number, "blog.year", year=year)
    return _month_page(blog, f"{year:04}", listed)


@bp.get("/archive/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/", defaults={"number": 1})
@bp.get("/archive/<int(fixed_digits=4):year>/<int(fixed_digits=2):month>/page/<int(min=2):number>/")
@public
def month(blog: Blog, year: int, month: int, number: int) -> str:
    """The posts of a month."""
    if not 1 <= month <= 12:
        raise Missing
    key = f"{year:04}-{month:02}"
    listed = _listed(blog, Shelf.MONTH, key, number, "blog.month", year=year, month=month)
    return _month_page(blog, f"{calendar.month_name[month]} {year}", listed)


@bp.get("/series/")
@public
def serieses(blog: Blog) -> str:
    """Every series, with how many parts are published."""
    named = _named(all_series(blog), f"{blog.address}series/")
    meta = list_meta(blog, "Series", address=f"{blog.address}series/")
    return render_template("blog/serieses.html", blog=blog, series=named, meta=meta)


@bp.get("/series/<key>/")
@public
def series(blog: Blog, key: str) -> str:
    """The parts of a series in their order, gaps included."""
    rows = series_posts(blog, key)
    if not rows:
        raise Missing
    parts = numbered([card_of(row, blog.address) for row in rows])
    total = max(parts)
    named = Named(rows[0].series_name, f"{blog.address}series/{key}/")
    shown = [{"part": part, "card": parts.get(part)} for part in range(1, total + 1)]
    meta = list_meta(blog, named.name, address=named.address)
    return render_template(
        "blog/series.html", blog=blog, series=named, parts=shown, total=total, meta=meta
    )


def _listed(
    blog: Blog, shelf: Shelf, key: str, number: int, endpoint: str, /, **values: Any
) -> dict[str, Any]:
    """One page of a list. Raises `Missing` for a page, or a list, that does not exist."""
    cards, total = shelf_page(blog, shelf, key, number, per_page=blog.per_page)
    if not cards and (number > 1 or shelf is not Shelf.BLOG):
        raise Missing

    def address(wanted: int) -> str:
        return url_for(endpoint, blog=blog, number=wanted, **values)

    paging = page_numbers(number, -(-total // blog.per_page), address)
    return {"cards": cards, "paging": paging, "total": total, "address": address(number)}


def _list_meta(blog: Blog, title: str, listed: dict[str, Any], feed: str | None = None) -> Any:
    paging = listed["paging"]
    shown = f"{title}, page {paging.number}" if paging.number > 1 else title
    return list_meta(
        blog,
        shown,
        address=listed["address"],
        feed=feed,
        previous=paging.previous,
        next=paging.next,
    )


def _month_page(blog: Blog, heading: str, listed: dict[str, Any]) -> str:
    meta = _list_meta(blog, heading, listed)
    return render_template("blog/month.html", blog=blog, heading=heading, meta=meta, **listed)


def _month_address(blog: Blog, key: str) -> str:
    year, month = key.split("-")
    return f"{blog.address}archive/{year}/{month}/"


def _named(entries: list[tuple[str, str, int]], below: str) -> list[Named]:
    return [Named(name, f"{below}{key}/", count) for key, name, count in entries]
