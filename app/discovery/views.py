"""Search, feeds, sitemap, robots and security.txt."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from app.core import clock
from app.core.errors import Malformed, Missing
from app.core.web import Crumb, Meta, absolute, page_meta, page_part, public

from .feeds import changed_at, feed_at, json_feed
from .search import LAST_PAGE, LONGEST_QUERY, Results, search, words_of
from .sitemap import locations, number_of_parts

bp = Blueprint("discovery", __name__)

SECURITY_TXT_DAYS = 180


@bp.get("/search/")
@public
def find() -> str:
    """Documents that hold every word of the query."""
    if any(len(request.args.getlist(name)) > 1 for name in ("q", "page")):
        raise Malformed("The address asks for two searches at once.")
    query = request.args.get("q", "").replace("\0", "").strip()
    page = request.args.get("page", default=1, type=int)
    if not 1 <= page <= LAST_PAGE:
        raise Missing
    problem = _problem(query)
    results = Results([]) if problem else search(query, page)
    is_empty = bool(query) and not results.found
    return render_template(
        "discovery/search.html",
        query=query[:LONGEST_QUERY],
        results=results.found,
        more=results.more,
        page=page,
        previous=_page_address(query, page - 1) if page > 1 else None,
        next=_page_address(query, page + 1) if results.more else None,
        suggestions=page_part("suggestions") if is_empty else [],
        problem=problem,
        meta=page_meta(
            Meta(
                title=f"Search: {query[:LONGEST_QUERY]}" if query else "Search",
                canonical=absolute("/search/"),
                breadcrumbs=(Crumb("Home", "/"), Crumb("Search")),
                description=f"Search every page and post of {page_part('site').name}.",
                robots="noindex, follow" if query else None,
            )
        ),
    )


@bp.get("/<path:address>/feed.xml")
@public
def atom(address: str) -> Response:
    """The Atom feed of a list of posts."""
    feed = feed_at(f"/{address}/")
    text = render_template("discovery/feed.xml", feed=feed, changed_at=changed_at(feed))
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@bp.get("/<path:address>/feed.json")
@public
def json(address: str) -> Response:
    """The JSON Feed of a list of posts."""
    feed = feed_at(f"/{address}/")
    text = json_feed(feed, language=page_part("site").language)
    return Response(text, content_type="application/feed+json; charset=utf-8")


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public address, or the list of the files that hold them."""
    parts = number_of_parts()
    if parts == 1:
        return _xml(render_template("discovery/sitemap.xml", locations=locations(1)))
    return _xml(render_template("discovery/sitemaps.xml", parts=range(1, parts + 1)))


@bp.get("/sitemap-<int:part>.xml")
@public
def sitemap_part(part: int) -> Response:
    """One file of a long sitemap."""
    return _xml(render_template("discovery/sitemap.xml", locations=locations(part)))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """RFC 9309: everything may be read; result pages are no content."""
    closed = ["/search/?", "/comments/", "/feedback/mine/", "/feedback/proof/"]
    refused = [f"Disallow: {path}" for path in closed]
    lines = ["User-agent: *", *refused, "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """RFC 9116: where to report a security fault."""
    site = page_part("site")
    contact = site.contact.security
    if not contact:
        raise Missing
    # Whole days, so that the file stays the same from one look to the next.
    expires = (clock.now() + timedelta(days=SECURITY_TXT_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [
        f"Contact: {contact if contact.startswith('https:') else 'mailto:' + contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {site.language}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
        "",
    ]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def _problem(query: str) -> str | None:
    if len(query) > LONGEST_QUERY:
        return f"That is longer than {LONGEST_QUERY} characters. A few words are enough."
    if query and not words_of(query):
        return "There is no word in that. Letters and digits can be searched for."
    return None


def _page_address(query: str, page: int) -> str:
    return "/search/?" + urlencode({"q": query} | ({"page": page} if page > 1 else {}))


def _xml(text: str) -> Response:
    return Response(text, content_type="application/xml; charset=utf-8")
