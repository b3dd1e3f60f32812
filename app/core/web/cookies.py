"""The cookie gate: what is declared on a card may be set, on pages that may; nothing else."""

import logging
from collections.abc import Iterator, Set
from datetime import timedelta

from flask import Flask, Response, current_app, request
from werkzeug.http import dump_cookie, parse_cookie

from app.core.registry import OPTIONAL, Cookie, registry

log = logging.getLogger(__name__)

#: The session is in the second when it shall outlive the browser's own.
SESSION, REMEMBER = "session", "remember"


class CookieRefused(RuntimeError):
    """An answer carries a cookie that is not declared, or that this page may not set."""


def offered_cookies() -> Iterator[Cookie]:
    """What this site may set: all that is declared, but no category it does without."""
    offered = current_app.config["OPTIONAL_COOKIES"]
    for cookie in registry().every("cookies"):
        if cookie.category not in OPTIONAL or cookie.category in offered:
            yield cookie


def running_name(cookie: Cookie, *, secure: bool | None = None) -> str:
    """The name on the running site: browsers hold `__Host-` to this host, https and all paths."""
    if not (_is_secure() if secure is None else secure):
        return cookie.name
    return f"__Host-{cookie.name}" if cookie.path == "/" else f"__Secure-{cookie.name}"


def cookie_header(cookie: Cookie, value: str, *, secure: bool) -> str:
    """The line that sets a cookie exactly as it is declared; an empty value expires it."""
    return dump_cookie(
        running_name(cookie, secure=secure),
        value,
        max_age=cookie.life if value else timedelta(0),
        path=cookie.path,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


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


def session_names(app: Flask) -> tuple[str, ...]:
    """How the cookies of a sign-in begin in a `Cookie` header of the running site."""
    secure = app.config["BASE_URL"].startswith("https://")
    return tuple(
        f"{running_name(cookie, secure=secure)}="
        for cookie in app.extensions["registry"].every("cookies")
        if cookie.name in (SESSION, REMEMBER)
    )


def set_cookie(response: Response, name: str, value: str) -> None:
    """Set a declared cookie as its declaration says."""
    line = cookie_header(_declared(name), value, secure=_is_secure())
    response.headers.add("Set-Cookie", line)


def clear_cookie(response: Response, name: str) -> None:
    """Make the browser forget a declared cookie."""
    set_cookie(response, name, "")


def guard_cookies(response: Response, *, may_set: Set[str] | None) -> Response:
    """Let cookies pass that are offered, agreed to and set as declared, and of `may_set`.

    Who may set any may expire all. What does not pass raises `CookieRefused` under test, and is
    taken off and logged in production.
    """
    given = response.headers.getlist("Set-Cookie")
    if not given:
        return response
    passed = [line for line in given if _may_pass(line, may_set)]
    if len(passed) < len(given):
        if current_app.testing:
            raise CookieRefused(f"{request.endpoint} tried to set a cookie it may not")
        log.error("cookie taken off", extra={"endpoint": request.endpoint})
        del response.headers["Set-Cookie"]
        for line in passed:
            response.headers.add("Set-Cookie", line)
    return response


def _may_pass(line: str, may_set: Set[str] | None) -> bool:
    first, _, rest = line.partition(";")
    name, value = next(iter(parse_cookie(first).items(multi=True)), ("", ""))
    cookie = next(
        (each for each in registry().every("cookies") if running_name(each) == name), None
    )
    if cookie is None or may_set == frozenset():
        return False
    # What a site does without now may still lie in a browser, which may be told to drop it.
    is_allowed = may_set is None or cookie.name in may_set
    if value and not (is_allowed and cookie in offered_cookies() and _is_agreed_to(cookie)):
        return False
    # Compared as browsers read them: without case, in any order. The moment in `Expires` only
    # repeats `Max-Age` for browsers of the last century.
    _, _, wanted = cookie_header(cookie, value, secure=_is_secure()).partition(";")
    return _traits(rest) == _traits(wanted)


def _is_agreed_to(cookie: Cookie) -> bool:
    """Nobody was asked about a necessary one, and a box of its own is an answer."""
    if cookie.category not in OPTIONAL or cookie.has_own_box:
        return True
    allows = registry().allows
    return allows is not None and allows(request.headers, cookie.category)


def _traits(text: str) -> set[str]:
    traits = {part.strip().lower() for part in text.split(";")}
    return {trait for trait in traits if not trait.startswith("expires=")}


def _declared(name: str) -> Cookie:
    for cookie in registry().every("cookies"):
        if cookie.name == name:
            return cookie
    raise CookieRefused(f"no card declares a cookie {name!r}")


def _is_secure() -> bool:
    return bool(current_app.config["BASE_URL"].startswith("https://"))
