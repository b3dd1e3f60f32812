"""How often something may be done: a label on the view, enforced before it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, request

from app.core import limits
from app.core.errors import TooMany

from .drafts import is_shown_again
from .viewing import client_address

View = TypeVar("View", bound=Callable[..., Any])

#: Answers that show the form again: what was asked for has not been done.
SHOWN_AGAIN = frozenset({200, 409, 422})


def limit(name: str, *rates: str, forgives: bool = False) -> Callable[[View], View]:
    """At most so many POSTs from one address, such as `"2/minute", "10/hour"`.

    One that `forgives` counts what was done only, and not a form that was shown again.
    """
    limits.set_rates(name, rates)

    def limited(view: View) -> View:
        view.limit_name = name  # type: ignore[attr-defined]
        view.forgives = forgives  # type: ignore[attr-defined]
        return view

    return limited


def enforce_limit() -> None:
    """Refuse a POST that comes too soon after others from the same address."""
    name = _limit_here()
    if name is None:
        return
    address = client_address()
    wait = limits.seconds_to_wait(name, address)
    if wait:
        raise TooMany(retry_after=wait)
    if not _view_here().forgives:
        limits.count(name, address)


def count_done(response: Response) -> Response:
    """Count where forms that were shown again are forgiven, unless whoever did it has counted."""
    name = _limit_here()
    if name is None or not _view_here().forgives:
        return response
    # What was counted with what was done went with it when it was given up.
    is_counted = limits.is_taken(name) and response.status_code < 400
    if not is_counted and response.status_code not in SHOWN_AGAIN | {TooMany.status}:
        limits.count(name, client_address())
    return response


def _limit_here() -> str | None:
    """The limit of the request at work, if it is one that counts."""
    if request.method != "POST" or request.endpoint is None or not current_app.config["LIMITED"]:
        return None
    view = _view_here()
    if getattr(view, "looks_twice", False) and is_shown_again():
        # Nothing is asked for: the button of another form was pressed.
        return None
    return getattr(view, "limit_name", None)


def _view_here() -> Any:
    return current_app.view_functions[request.endpoint or ""]
