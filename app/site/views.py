"""The public pages of the company."""

from flask import Blueprint

from app.core.web import public

from .pages import render_page

bp = Blueprint("site", __name__)


@bp.get("/", defaults={"path": ""})
@bp.get("/<page:path>/")
@public
def show(path: str) -> str:
    """A page made of its sections."""
    return render_page(path)
