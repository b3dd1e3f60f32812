"""The pages that mailed links lead to. Looking changes nothing; the button does the one thing."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template

from app.core.web import limit, private_link

from . import acting, pages
from .links import find_link
from .wishes import Wish

bp = Blueprint("my_data_link", __name__, url_prefix="/privacy/my-data")


@bp.get("/<token>/")
@private_link
def show(token: str) -> str:
    """What the link is for, and how much there is; its button."""
    return render_template("rights/link.html", **pages.link_page(find_link(token)))


@bp.post("/<token>/")
@private_link
@limit("my-data-link", "20/minute", "120/hour")
def use(token: str) -> Any:
    """Do the one thing that the link is for, once."""
    return _ACTS[find_link(token).wish](token)


def _see(token: str) -> str:
    return render_template("rights/held.html", **pages.held_page(acting.see(token)))


def _looks(token: str) -> str:
    return render_template("rights/looks.html", **pages.looks_page(acting.look_back(token)))


def _export(token: str) -> Any:
    return pages.download(acting.export(token))


_ACTS: dict[Wish, Callable[[str], Any]] = {
    Wish.SEE: _see,
    Wish.LOOKS: _looks,
    Wish.EXPORT: _export,
}
