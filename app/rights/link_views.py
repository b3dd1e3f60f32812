"""The pages that mailed links lead to. Looking changes nothing; the button does the one thing."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template

from app.core.privacy import Scope
from app.core.web import limit, private_link

from . import acting, pages
from .forms import EraseForm, NameForm
from .links import email_of, find_link
from .wishes import Wish

bp = Blueprint("my_data_link", __name__, url_prefix="/privacy/my-data")


@bp.get("/<token>/")
@private_link
def show(token: str) -> str:
    """What the link is for, and how much there is; its button."""
    link = find_link(token)
    form = _FORMS[link.wish]() if link.wish in _FORMS else None
    return render_template("rights/link.html", **pages.link_page(link, form))


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


def _stop(token: str) -> str:
    return render_template("rights/stopped.html", **pages.stopped_page(acting.stop(token)))


def _correct(token: str) -> Any:
    link, form = find_link(token), NameForm()
    if not form.validate():
        return _again(link, form)
    page = pages.corrected_page(acting.rename(token, form.name.data or ""))
    return render_template("rights/corrected.html", **page)


def _erase(token: str) -> Any:
    """The first press shows what would go; the second one, from there, does it."""
    link, form = find_link(token), EraseForm()
    if not form.validate():
        return _again(link, form)
    if form.sure.data != form.scope.data:
        return render_template("rights/sure.html", **pages.sure_page(email_of(link), form))
    erased = acting.erase_by_link(token, Scope(form.scope.data))
    return render_template("rights/erased.html", **pages.erased_page(erased))


def _again(link: Any, form: Any) -> Any:
    return make_response(render_template("rights/link.html", **pages.link_page(link, form)), 422)


_FORMS: dict[Wish, Any] = {Wish.ERASE: EraseForm, Wish.CORRECT: NameForm}
_ACTS: dict[Wish, Callable[[str], Any]] = {
    Wish.SEE: _see,
    Wish.LOOKS: _looks,
    Wish.EXPORT: _export,
    Wish.STOP: _stop,
    Wish.CORRECT: _correct,
    Wish.ERASE: _erase,
}
