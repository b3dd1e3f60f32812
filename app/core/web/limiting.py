"""How often something may be done: a label on the view, enforced before it."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def limit(name: str, *rates: str) -> Callable[[View], View]:
    """At most so many POSTs from one address, such as `"2/minute", "10/hour"`."""

    def limited(view: View) -> View:
        view.limit_name = name  # type: ignore[attr-defined]
        view.limit_rates = rates  # type: ignore[attr-defined]
        return view

    return limited
