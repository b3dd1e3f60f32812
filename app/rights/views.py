"""Asking for one's own data. Known or unknown, every address gets the very same answer."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from app.core.web import Crumb, Meta, absolute, client_address, page_meta, public

from .asking import ask
from .forms import AskForm
from .links import HOME

bp = Blueprint("my_data", __name__, url_prefix="/privacy/my-data")


@bp.get("/")
@public
def show() -> str:
    """The form."""
    return _page(AskForm())


@bp.post("/")
@public
def create() -> Any:
    """Take a request, and say the same whether or not there is anything to tell."""
    form = AskForm()
    if not form.validate():
        return _kept_nowhere(_page(form), 422)
    ask(*form.wanted(), client_address())
    meta = Meta(title="Look into your mailbox", robots="noindex")
    return _kept_nowhere(render_template("rights/asked.html", meta=page_meta(meta)), 202)


def _page(form: AskForm) -> str:
    title = "Your data"
    meta = Meta(
        title=f"Error: {title}" if form.errors else title,
        canonical=absolute(HOME),
        description="See, take along, correct or erase what this site holds about you.",
        breadcrumbs=(Crumb("Home", "/"), Crumb(title)),
    )
    return render_template("rights/ask.html", meta=page_meta(meta), form=form)


def _kept_nowhere(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
