"""Between a request and the sign-in: who stands at the door, and what they are given."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request

from app.core.web import clear_cookie, client_address, read_cookie, set_cookie

from .addresses import own_path
from .places import Place, device_words
from .sessions import Entry

SESSION, REMEMBER, DEVICE = "session", "remember", "device"
SECOND_FACTOR = "/account/log-in/second-factor/"


def here() -> Place:
    """The browser that is asking."""
    agent = request.headers.get("User-Agent", "")
    return Place(client_address(), device_words(agent), read_cookie(DEVICE))


def let_in(entry: Entry, back: str | None) -> Any:
    """Lead a person on after a sign-in: to where they came from, or to the second factor first."""
    to = own_path(back)
    if entry.is_pending:
        to = f"{SECOND_FACTOR}?{urlencode({'next': to})}"
    response = redirect(to, 303)
    give_cookies(response, entry)
    return response


def give_cookies(response: Any, entry: Entry) -> None:
    """The cookie of the session, in the one of two that lasts as long as it does."""
    name, other = (REMEMBER, SESSION) if entry.stays else (SESSION, REMEMBER)
    set_cookie(response, name, entry.token)
    if read_cookie(other) is not None:
        clear_cookie(response, other)
    if entry.device_token is not None:
        set_cookie(response, DEVICE, entry.device_token)


def see_out(response: Any) -> Response:
    """Let the browser forget the session, and whatever pages it kept of it."""
    for name in (SESSION, REMEMBER):
        clear_cookie(response, name)
    # Not "cookies": the choice about cookies and the known device are to outlive the session.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
