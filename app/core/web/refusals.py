"""Every "no" and every fault as a designed page, with the right status and no details inside."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.core.database import db
from app.core.errors import BY_STATUS, Moved, Refusal

from .templating import Meta, page_meta

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
SEARCH_HELPS = frozenset({404, 410})


def init_refusals(app: Flask) -> None:
    """Turn refusals, HTTP errors and faults into pages."""
    folder = app.root_path + "/../templates/errors"
    for status in (500, 503):
        with open(f"{folder}/{status}.html", encoding="utf-8") as page:
            # Read now: when they are needed, little else may work.
            app.config[f"page_{status}"] = page.read()
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(Moved, lambda moved: redirect(moved.address, 301))
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(SQLAlchemyError, _show_unavailable)
    app.register_error_handler(Exception, _show_fault)


def show_refusal(refusal: Refusal, status: int | None = None) -> Response:
    """The page of a refusal; the plain one when the database cannot even name the site."""
    status = status or refusal.status
    if status == 503:
        return broken_page(503)
    try:
        page = render_template(
            "errors/refusal.html",
            meta=page_meta(Meta(title=refusal.title, robots="noindex")),
            status=status,
            title=refusal.title,
            message=refusal.sentence,
            advice=refusal.hint,
            retry_after=refusal.retry_after,
            search=status in SEARCH_HELPS,
            reference=None,
            kept=None,
        )
    except SQLAlchemyError:
        return broken_page(503)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def broken_page(status: int) -> Response:
    """The page of a fault: it needs neither database nor template, and has a number to quote."""
    reference = secrets.token_hex(4)
    response = Response(
        current_app.config[f"page_{status}"].replace("@@reference@@", reference), status
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Reference"] = reference
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _show_http_error(error: HTTPException) -> Any:
    """Werkzeug's own errors, in our words."""
    code = error.code or 500
    if code < 400:
        return error
    if code >= 500:
        return _logged(broken_page(503 if code == 503 else 500), error)
    kind = BY_STATUS.get(code, Refusal)
    response = show_refusal(kind(), code)
    valid_methods = getattr(error, "valid_methods", None)
    if valid_methods:
        response.headers["Allow"] = ", ".join(sorted(valid_methods))
    return response


def _show_unavailable(error: SQLAlchemyError) -> Response:
    """A database that is away, locked or full; anything else it says is our own fault."""
    db.session.rollback()
    is_away = not isinstance(error, DBAPIError) or error.connection_invalidated
    is_away = is_away or type(error).__name__ in ("OperationalError", "InterfaceError")
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
    }
    log.error("request failed", extra=facts, exc_info=error)
    return response
