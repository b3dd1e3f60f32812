"""The same for members, at once: who is signed in needs no mail to prove who they are."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for

from app.accounts import see_out, users_by_id
from app.core.privacy import Scope, open_for
from app.core.web import check_token, limit, member, recently_confirmed, viewer

from . import acting, pages
from .forms import OwnEraseForm, OwnNameForm

bp = Blueprint("own_data", __name__, url_prefix="/account/privacy")


@bp.get("/")
@member
def index() -> str:
    """Everything that is held about oneself, who looked, and what can be done about it."""
    return render_template(
        "rights/own/index.html", **pages.held_page(acting.everything_of(_email()))
    )


@bp.post("/export/")
@member
@limit("own-export", "5/hour")
def export() -> Any:
    """Take it along."""
    check_token()
    return pages.download(acting.export_of(_email()))


@bp.post("/stop/")
@member
def stop() -> Any:
    """Stop notices and digests."""
    check_token()
    acting.stop_of(_email())
    return redirect(url_for("own_data.index", _anchor="stopped"), 303)


@bp.get("/correct/")
@member
def show_correct() -> str:
    """The name that stands over what one wrote, and where the rest is corrected."""
    return _correct_page(OwnNameForm())


@bp.post("/correct/")
@member
@recently_confirmed
@limit("own-correct", "20/hour")
def correct() -> Any:
    """Put the right name everywhere."""
    form = OwnNameForm()
    if not form.validate():
        return make_response(_correct_page(form), 422)
    acting.rename_of(_email(), form.name.data or "")
    return redirect(url_for("own_data.index", _anchor="corrected"), 303)


@bp.get("/erase/")
@member
@recently_confirmed
def show_erase() -> str:
    """The first step: how much shall go."""
    return render_template("rights/own/erase.html", form=OwnEraseForm())


@bp.post("/erase/")
@member
@recently_confirmed
@limit("own-erase", "10/hour")
def erase() -> Any:
    """The second step, and then the end."""
    form, email = OwnEraseForm(), _email()
    if not form.validate():
        return make_response(render_template("rights/own/erase.html", form=form), 422)
    scope = Scope(form.scope.data)
    if form.sure.data != scope.value:
        return render_template("rights/own/sure.html", **pages.sure_page(email, form))
    page = pages.erased_page(acting.erase_of(email, scope))
    response = make_response(render_template("rights/erased.html", **page))
    # With everything the account is gone, and nobody is signed in any more.
    return response if scope is Scope.ADDRESS else see_out(response)


def _correct_page(form: OwnNameForm) -> str:
    return render_template("rights/own/correct.html", form=form, names=pages.own_names(_email()))


def _email() -> str:
    return open_for(users_by_id([viewer().id])[viewer().id], "email", "subject")
