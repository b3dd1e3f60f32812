"""Which browser a passkey ceremony is held with, and as which site."""

from flask import Response, request

from app.core.errors import SignedOut
from app.core.tokens import hash_of, new_token
from app.core.web import absolute, page_part, read_cookie, session_cookie, set_cookie, viewer

from .ceremonies import Party
from .entries import Session
from .passkeys import Browser
from .sessions import pending_session

CEREMONY = "ceremony"


def party() -> Party:
    """This site as passkeys know it."""
    return Party.at(absolute("/"), page_part("site").name)


def member_browser() -> Browser:
    """The browser of the person who is signed in."""
    return Browser(hash_of(session_cookie() or ""), viewer().id)


def waiting_session() -> Session:
    """The session that waits for its second factor. Leads to the log-in when there is none."""
    token = session_cookie()
    row = pending_session(token) if token else None
    if row is None:
        raise SignedOut("/account/log-in/", request.values.get("next", "/account/"))
    return row


def waiting_browser(row: Session) -> Browser:
    """The browser whose first factor was right."""
    return Browser(row.token_hash, row.user_id)


def known_visitor() -> Browser | None:
    """The browser of somebody not signed in, if it asked for a ceremony a moment ago."""
    token = read_cookie(CEREMONY)
    return Browser(hash_of(token)) if token else None


def mark_visitor(response: Response) -> Browser:
    """Give a browser the cookie that ties a ceremony to it."""
    token = new_token()
    set_cookie(response, CEREMONY, token.text)
    return Browser(token.hash)
