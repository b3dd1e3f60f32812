"""The few shapes in which public pages exist: visitors of one variant get the same bytes."""

from flask import g, request

from app.core.registry import registry

SCHEMES = ("light", "dark")


def variant() -> str:
    """The word for the shape of this request's pages; empty when there is one shape only.

    A page that asks is marked as varying, so that no cache gives it to others.
    """
    if "variant" not in g:
        find = registry().variant
        g.variant = find(request.headers) if find else ""
    return str(g.variant)


def colours() -> str:
    """The colours that the variant ends with, or `auto`: those of the reader's system."""
    last = variant().rpartition("-")[2]
    return last if last in SCHEMES else "auto"
