"""Who is looking, for pages that may know it, and from which address."""

from flask import g, request

from app.core.privacy import Viewer


class NoViewer(RuntimeError):
    """Code asked who is looking where nobody may know, or where nobody is signed in."""


def viewer() -> Viewer:
    """The signed-in person.

    Raises `NoViewer` when there is none, and always on pages that are the same for everybody.
    """
    found = viewer_or_none()
    if found is None:
        raise NoViewer("nobody is signed in")
    return found


def viewer_or_none() -> Viewer | None:
    """The signed-in person, or `None` on a page that anyone may see.

    Raises `NoViewer` on pages that are the same for everybody.
    """
    if "viewer" not in g:
        raise NoViewer(f"{request.endpoint} does not know its viewers")
    return g.viewer


def client_address() -> str:
    """The address the request came from, as `core.web.proxy` settled it; empty when unknown."""
    return request.remote_addr or ""
