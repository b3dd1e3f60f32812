"""Every "no" and every fault as a designed page, with the right status and no details inside."""

import logging
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.globals import request_ctx
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable
from werkzeug.routing import RoutingException

from app.core.database import db
from app.core.errors import BY_STATUS, Elsewhere, Moved, Refusal
from app.core.logs import quiet_trace
from app.core.registry import registry

from .kept import kept_html, kept_texts, sent_again
from .templating import Meta, page_meta
from .words import in_words

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
SEARCH_HELPS = frozenset({404, 410})
# What drivers raise when the database is away, locked, full or damaged.
AWAY = frozenset({"OperationalError", "InterfaceError", "DatabaseError"})


def init_refusals(app: Flask) -> None:
    """Turn refusals, HTTP errors and faults into pages."""
    folder = app.root_path + "/../templates/errors"
    for status in (500, 503):
        with open(f"{folder}/{status}.html", encoding="utf-8") as page:
            # Read now: when they are needed, little else may work.
            app.config[f"page_{status}"] = page.read()
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(Moved, _show_moved)
    app.register_error_handler(Elsewhere, _show_elsewhere)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(SQLAlchemyError, _show_unavailable)
    app.register_error_handler(Exception, _show_fault)
    # Flask's own line would repeat the address, which a visitor may have filled with anything.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]


def show_refusal(refusal: Refusal, status: int | None = None) -> Response:
    """The page of a refusal; the plain one when the database cannot even name the site."""
    status = status or refusal.status
    if status == 503:
        return broken_page(503)
    g.is_refused = True
    try:
        page = render_template(
            "errors/refusal.html",
            meta=page_meta(Meta(title=refusal.title, robots="noindex")),
            status=status,
            title=refusal.title,
            message=refusal.sentence,
            advice=refusal.hint,
            wait=in_words(refusal.retry_after) if refusal.retry_after else None,
            search=status in SEARCH_HELPS,
            kept=kept_texts(),
            back=_way_back(status),
        )
    except SQLAlchemyError:
        return broken_page(503)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    if status == 405:
        response.headers["Allow"] = _allowed_methods()
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _way_back(status: int) -> str | None:
    """The page that a form stood on: its own address, or the nearest above it that can be read.

    `None` where nothing was sent, and where an address must look like any other.
    """
    if status == 404 or request.method != "POST":
        return None
    steps = request.path.rstrip("/").split("/")
    addresses = ("/".join(steps[:length]) + "/" for length in range(len(steps), 1, -1))
    return next(filter(_is_page, addresses), None)


def _is_page(address: str) -> bool:
    """Whether an address has a rule of its own; the one that takes any address says nothing."""
    adapter = request_ctx.url_adapter
    try:
        found = adapter.match(address, "GET") if adapter else None
    except (HTTPException, RoutingException):
        return False
    return found is not None and found[0] not in set(registry().every("fallback"))


def broken_page(status: int) -> Response:
    """The page of a fault: it needs neither database nor template, and has a number to quote."""
    reference = secrets.token_hex(4)
    page = current_app.config[f"page_{status}"].replace("@@reference@@", reference)
    response = Response(page.replace("@@kept@@", kept_html()), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Reference"] = reference
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _show_moved(moved: Moved) -> Any:
    response = redirect(moved.address, 301)
    # A browser that kept this for good would never see the name move back.
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def _show_elsewhere(first: Elsewhere) -> Any:
    address = f"{first.address}?{urlencode({'next': first.back})}"
    if kept_texts():
        page = render_template(
            "errors/interrupted.html",
            meta=page_meta(Meta(title=first.title, robots="noindex")),
            action=first.action,
            address=address,
            kept=kept_texts(),
            again=sent_again(),
        )
        response = make_response(page, 403)
    else:
        response = make_response(redirect(address, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def _show_http_error(error: HTTPException) -> Any:
    """Werkzeug's own errors, in our words."""
    code = error.code or 500
    if code < 400:
        return error
    if code < 500:
        response = show_refusal(BY_STATUS.get(code, Refusal)(), code)
        if isinstance(error, RequestedRangeNotSatisfiable):
            response.headers["Content-Range"] = f"{error.units} */{error.length}"
        return response
    # What failed outside of a view, such as the choice of one, arrives wrapped.
    cause = getattr(error, "original_exception", None) or error
    if isinstance(cause, SQLAlchemyError):
        return _show_unavailable(cause)
    return _logged(broken_page(503 if code == 503 else 500), cause)


def _allowed_methods() -> str:
    adapter = request_ctx.url_adapter
    allowed = adapter.allowed_methods() if adapter else ()
    return ", ".join(sorted(allowed or ("GET", "HEAD", "OPTIONS")))


def _show_unavailable(error: SQLAlchemyError) -> Response:
    """A database that is away, locked or full; anything else it says is our own fault."""
    db.session.rollback()
    is_away = not isinstance(error, DBAPIError) or error.connection_invalidated
    is_away = is_away or type(error).__name__ in AWAY
    return _logged(broken_page(503 if is_away else 500), error)


def _show_fault(error: Exception) -> Response:
    return _logged(broken_page(500), error)


def _logged(response: Response, error: Exception) -> Response:
    facts = {
        "reference": response.headers["X-Request-Reference"],
        # The rule and not the address, which a visitor may have filled with anything.
        "route": request.url_rule.rule if request.url_rule else None,
        "method": request.method,
        "status": response.status_code,
        "trace": quiet_trace(error),
    }
    log.error("request failed", extra=facts)
    return response
