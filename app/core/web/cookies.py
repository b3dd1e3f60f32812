"""The cookie gate: what is declared on a card may be set, on pages that may; nothing else."""

import logging

from flask import Response, current_app, request
from werkzeug.http import parse_cookie

from app.core.registry import Cookie, registry

log = logging.getLogger(__name__)

#: The session is in the second when it shall outlive the browser's own.
SESSION, REMEMBER = "session", "remember"


class CookieRefused(RuntimeError):
    """An answer carries a cookie that is not declared, or that this page may not set."""


def running_name(cookie: Cookie) -> str:
    """The name on the running site: browsers hold `__Host-` to this host, https and all paths."""
    if not _is_secure():
        return cookie.name
    return f"__Host-{cookie.name}" if cookie.path == "/" else f"__Secure-{cookie.name}"


def read_cookie(name: str) -> str | None:
    """The value of a declared cookie, or `None`."""
    return request.cookies.get(running_name(_declared(name)))


def session_cookie() -> str | None:
    """What the browser holds of a session, in either of its two cookies."""
    for cookie in registry().every("cookies"):
        if cookie.name in (SESSION, REMEMBER):
            found = request.cookies.get(running_name(cookie))
            if found:
                return found
    return None


def set_cookie(response: Response, name: str, value: str) -> None:
    """Set a declared cookie as its declaration says."""
    cookie = _declared(name)
    response.set_cookie(
        running_name(cookie),
        value,
        max_age=cookie.life,
        path=cookie.path,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: Response, name: str) -> None:
    """Make the browser forget a declared cookie."""
    cookie = _declared(name)
    response.delete_cookie(
        running_name(cookie),
        path=cookie.path,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def guard_cookies(response: Response, *, may_set: bool) -> Response:
    """Let declared cookies pass from a page that may set them.

    Any other raises `CookieRefused` under test, and is taken off and logged in production.
    """
    given = response.headers.getlist("Set-Cookie")
    if not given:
        return response
    declared = {running_name(cookie) for cookie in registry().every("cookies")} if may_set else ()
    passed = [line for line in given if next(iter(parse_cookie(line)), "") in declared]
    if len(passed) < len(given):
        if current_app.testing:
            raise CookieRefused(f"{request.endpoint} tried to set a cookie it may not")
        log.error("cookie taken off", extra={"endpoint": request.endpoint})
        del response.headers["Set-Cookie"]
        for line in passed:
            response.headers.add("Set-Cookie", line)
    return response


def _declared(name: str) -> Cookie:
    for cookie in registry().every("cookies"):
        if cookie.name == name:
            return cookie
    raise CookieRefused(f"no card declares a cookie {name!r}")


def _is_secure() -> bool:
    return bool(current_app.config["BASE_URL"].startswith("https://"))
