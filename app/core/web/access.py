"""Who may enter: every endpoint carries one label, and one place enforces it.

A label only marks the function. An endpoint without one stops the start of the app.
"""

import hmac
import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from app.core.errors import Missing

from .proxy import WAS_FORWARDED

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
LOCAL = "local"


class UnlabelledEndpoint(RuntimeError):
    """An endpoint says nothing about who may use it."""


def public(view: View) -> View:
    """Anyone, without a session; the same bytes for everybody."""
    return _labelled(view, PUBLIC)


def local(view: View) -> View:
    """Callers on this machine, and those with the metrics token."""
    return _labelled(view, LOCAL)


def label_of(view: Any) -> str | None:
    """The label of a view function, or `None`."""
    return getattr(view, "access", None)


def check_labels(app: Flask) -> None:
    """Raise `UnlabelledEndpoint` for the first endpoint without a label."""
    for endpoint, view in sorted(app.view_functions.items()):
        if label_of(view) is None:
            raise UnlabelledEndpoint(f"the endpoint {endpoint} carries no access label")


def enforce_label() -> None:
    """Refuse a caller whom the endpoint's label does not admit."""
    if request.endpoint is None:
        return
    label = label_of(current_app.view_functions[request.endpoint])
    if label == LOCAL and not (is_on_this_machine() or _has_token()):
        # To everybody else the address does not exist.
        raise Missing


def is_on_this_machine() -> bool:
    """Whether the call began here, and was not merely passed on by a proxy here."""
    if request.environ.get(WAS_FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _labelled(view: View, label: str) -> View:
    view.access = label  # type: ignore[attr-defined]
    return view


def _has_token() -> bool:
    expected = current_app.config["METRICS_TOKEN"]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if not expected or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
