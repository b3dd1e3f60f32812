"""Who may enter: every endpoint carries one label, and one place enforces it.

A label only marks the function. An endpoint without one stops the start of the app.
"""

import hmac
import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from app.core import clock
from app.core.errors import Missing, SignedOut, Unconfirmed
from app.core.privacy import Viewer
from app.core.registry import registry

from .cookies import session_cookie
from .proxy import WAS_FORWARDED

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
PRIVATE_LINK = "private_link"
VISITOR = "visitor"
MEMBER = "member"
RIGHT = "right"
LOCAL = "local"
#: Labels whose pages know who is looking.
KNOWING = frozenset({VISITOR, MEMBER, RIGHT})
#: Labels whose pages are for one person, and are kept nowhere.
PRIVATE = KNOWING | {PRIVATE_LINK}
RIGHTS = frozenset({"moderate", "administer", "own"})

LOG_IN = "/account/log-in/"
CONFIRM = "/account/confirm/"


class UnlabelledEndpoint(RuntimeError):
    """An endpoint says nothing, or nothing sensible, about who may use it."""


def public(view: View) -> View:
    """Anyone, without a session; the same bytes for everybody."""
    return _labelled(view, PUBLIC)


def private_link(view: View) -> View:
    """Whoever holds the address; without a session, and kept nowhere."""
    return _labelled(view, PRIVATE_LINK)


def from_anywhere(view: View) -> View:
    """With `private_link`: a mail program may send the form, as RFC 8058 lets it.

    The address itself is the secret, and no cookie counts, so another site's page can do
    nothing that its visitor could not.
    """
    view.is_from_anywhere = True  # type: ignore[attr-defined]
    return view


def visitor(view: View) -> View:
    """Anyone; the page may know who is looking and set declared cookies."""
    return _labelled(view, VISITOR)


def member(view: View) -> View:
    """Whoever is signed in."""
    return _labelled(view, MEMBER)


def right(*names: str) -> Callable[[View], View]:
    """Whoever may `moderate` or `administer` at least one blog, or `own` the site.

    One of several rights is enough. On which blog is asked in the fetch. To everybody
    else the address does not exist.
    """
    if not names or not RIGHTS.issuperset(names):
        raise UnlabelledEndpoint(f"there is no right {', '.join(names) or 'without a name'}")

    def labelled(view: View) -> View:
        view.needs_right = names  # type: ignore[attr-defined]
        return _labelled(view, RIGHT)

    return labelled


def recently_confirmed(view: View) -> View:
    """With `member` or `right`: signed in not longer ago than RECENT_SIGN_IN_HOURS."""
    view.needs_recent = True  # type: ignore[attr-defined]
    return view


def looked_at_twice(view: View) -> View:
    """With `public`: also takes forms of old browsers that say nothing about where they were.

    The view itself asks for a second look at those, and `is_shown_again()` before it takes
    anything.
    """
    view.looks_twice = True  # type: ignore[attr-defined]
    return view


def sets_cookies(*names: str) -> Callable[[View], View]:
    """With `public`: these declared cookies may be set and expired, and no others."""

    def naming(view: View) -> View:
        view.may_set = frozenset(names)  # type: ignore[attr-defined]
        return view

    return naming


def local(view: View) -> View:
    """Callers on this machine, and those with the metrics token."""
    return _labelled(view, LOCAL)


def label_of(view: Any) -> str | None:
    """The label of a view function, or `None`."""
    return getattr(view, "access", None)


def is_public(endpoint: str) -> bool:
    """Whether an endpoint's pages are for anyone, without a session."""
    return label_of(current_app.view_functions[endpoint]) == PUBLIC


def rights_of(view: Any) -> tuple[str, ...]:
    """The rights of which a view function asks for one."""
    return getattr(view, "needs_right", ())


def takes_anybodys_form(view: Any) -> bool:
    """Whether a view function takes forms that our own pages did not send."""
    return getattr(view, "is_from_anywhere", False)


def looks_twice(view: Any) -> bool:
    """Whether a view function asks for a second look at forms of unknown origin."""
    return getattr(view, "looks_twice", False)


def cookies_of(view: Any) -> frozenset[str]:
    """The cookies that a view function of a page without a session may set."""
    return getattr(view, "may_set", frozenset())


def is_recent_only(view: Any) -> bool:
    """Whether a view function asks for a recent sign-in."""
    return getattr(view, "needs_recent", False)


def label_here() -> str | None:
    """The label of the endpoint at work; an address without one counts as public."""
    if request.endpoint is None:
        return PUBLIC
    return label_of(current_app.view_functions[request.endpoint])


def check_labels(app: Flask) -> None:
    """Raise `UnlabelledEndpoint` for the first endpoint without a label."""
    for endpoint, view in sorted(app.view_functions.items()):
        label = label_of(view)
        if label is None:
            raise UnlabelledEndpoint(f"the endpoint {endpoint} carries no access label")
        if takes_anybodys_form(view) and label != PRIVATE_LINK:
            raise UnlabelledEndpoint(f"the endpoint {endpoint} would take forged forms")
        if looks_twice(view) and label != PUBLIC:
            raise UnlabelledEndpoint(f"the endpoint {endpoint} would take forms of unknown origin")
        if cookies_of(view) and label != PUBLIC:
            raise UnlabelledEndpoint(f"the endpoint {endpoint} names cookies it may set anyway")
        if is_recent_only(view) and label not in (MEMBER, RIGHT):
            raise UnlabelledEndpoint(f"the endpoint {endpoint} is for nobody in particular")


def enforce_label() -> None:
    """Refuse a caller whom the endpoint's label does not admit."""
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    label = label_of(view)
    if label == LOCAL and not (is_on_this_machine() or _has_token()):
        # To everybody else the address does not exist.
        raise Missing
    if label in KNOWING:
        g.viewer = _load_viewer()
    if label in (MEMBER, RIGHT):
        _admit(view, g.viewer)
        g.is_admitted = True


def is_on_this_machine() -> bool:
    """Whether the call began here, and was not merely passed on by a proxy here."""
    if request.environ.get(WAS_FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def is_recent(looking: Viewer) -> bool:
    """Whether somebody proved who they are not longer ago than RECENT_SIGN_IN_HOURS."""
    longest = timedelta(hours=current_app.config["RECENT_SIGN_IN_HOURS"])
    return clock.now() - looking.signed_in_at <= longest


def way_back(default: str = "/account/") -> str:
    """The address to return to after a detour: this page, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.host:
        return default
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _admit(view: Any, looking: Viewer | None) -> None:
    if looking is None:
        raise SignedOut(LOG_IN, way_back())
    needed = rights_of(view)
    if needed and not any(looking.has_right(name) for name in needed):
        raise Missing
    if is_recent_only(view) and not is_recent(looking):
        raise Unconfirmed(CONFIRM, way_back())


def _load_viewer() -> Viewer | None:
    load = registry().load_viewer
    cookie = session_cookie() if load else None
    return load(cookie) if load and cookie else None


def _labelled(view: View, label: str) -> View:
    view.access = label  # type: ignore[attr-defined]
    return view


def _has_token() -> bool:
    expected = current_app.config["METRICS_TOKEN"]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if not expected or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
