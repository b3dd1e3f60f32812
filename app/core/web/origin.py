"""Cross-site requests: an unsafe method is taken only from our own pages.

The browser says where a request comes from (Fetch Metadata, else `Origin`), so public
forms need neither a token nor the cookie that a token would need.
"""

from urllib.parse import urlsplit

from flask import Request, current_app, request

from app.core.errors import Forbidden

from .access import looks_twice, takes_anybodys_form

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def enforce_origin() -> None:
    """Refuse an unsafe request that another site's page made the browser send."""
    if request.method in SAFE or _is_for_anybody():
        return
    if not _is_ours(request):
        raise Forbidden("This form was sent from another site, so it was not accepted.")


def _is_for_anybody() -> bool:
    if request.endpoint is None:
        return False
    return takes_anybodys_form(current_app.view_functions[request.endpoint])


def _is_looked_at_twice() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and looks_twice(view)


def _is_ours(asked: Request) -> bool:
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Browsers older than 2023, and plain HTTP outside this machine, send no Fetch Metadata.
    origin = asked.headers.get("Origin")
    if origin is None:
        return _is_looked_at_twice()
    base = current_app.config["BASE_URL"]
    # The host was checked before. A proxy that we do not trust hides its https from us.
    schemes = {asked.scheme, urlsplit(base).scheme}
    return origin in {base, *(f"{scheme}://{asked.host}" for scheme in schemes)}
