"""One's own second factor: the app, the recovery codes, and what they protect."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.web import limit, member, page_part, recently_confirmed, viewer

from . import second_factor
from .addresses import own_path
from .browsers import party
from .factor_forms import NewAppForm, PressForm
from .keyring import keyring_of
from .proof import asked_proof, is_proved
from .queries import open_account

bp = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

WRONG_APP_CODE = (
    "This is not the code of the app. Wait for the next one, and check that the clock of your "
    "device is set by itself."
)


@bp.get("/")
@member
def show() -> str:
    """What protects the account besides a password, and what may be added."""
    return render_template(
        "accounts/second_factor.html",
        keyring=keyring_of(viewer().id),
        takes_passkeys=party().takes_passkeys,
        onward=_onward(),
    )


@bp.post("/app/start/")
@member
@recently_confirmed
@limit("second-factor", "10/minute", "60/hour")
def start_app() -> Any:
    """Make a secret and show it."""
    form = PressForm()
    if form.validate():
        second_factor.begin_app(open_account(viewer().id))
    return redirect(url_for("second_factor.show_app", next=_onward()), 303)


@bp.get("/app/")
@member
@recently_confirmed
def show_app() -> Any:
    """The picture and the key of an app being set up, and the field for its first code."""
    return _app_page(NewAppForm())


@bp.post("/app/")
@member
@recently_confirmed
@limit("second-factor-code", "10/minute", "60/hour")
def confirm_app() -> Any:
    """Take the app in use."""
    form = NewAppForm()
    if not form.validate():
        return _app_page(form), 422
    codes = second_factor.confirm_app(
        open_account(viewer().id), form.code.data, session_id=viewer().session_id
    )
    if codes is None:
        form.code.errors = [WRONG_APP_CODE]
        return _app_page(form), 422
    if not codes:
        return redirect(_onward() or url_for("second_factor.show", _anchor="saved"), 303)
    return _codes_page(codes)


@bp.get("/app/remove/")
@member
@recently_confirmed
def ask_to_remove_app() -> str:
    """What removing the app means."""
    return render_template("accounts/app_remove.html", proof=asked_proof())


@bp.post("/app/remove/")
@member
@recently_confirmed
@limit("second-factor-code", "10/minute", "60/hour")
def remove_app() -> Any:
    """Take the app out of use, against a code of it or a recovery code."""
    proof = asked_proof()
    if not is_proved(proof):
        return render_template("accounts/app_remove.html", proof=proof), 422
    second_factor.remove_app(open_account(viewer().id))
    return redirect(url_for("second_factor.show", _anchor="saved"), 303)


@bp.get("/codes/")
@member
@recently_confirmed
def ask_for_codes() -> str:
    """What making new recovery codes means."""
    return render_template("accounts/codes_renew.html", form=PressForm())


@bp.post("/codes/")
@member
@recently_confirmed
@limit("second-factor", "10/minute", "60/hour")
def renew_codes() -> Any:
    """Make new recovery codes and show them once."""
    form = PressForm()
    if not form.validate() or not keyring_of(viewer().id).has_second_factor:
        return render_template("accounts/codes_renew.html", form=form), 422
    return _codes_page(second_factor.renew_codes(open_account(viewer().id)))


def _app_page(form: NewAppForm) -> Any:
    set_up = second_factor.app_to_confirm(open_account(viewer().id), page_part("site").name)
    return render_template("accounts/app_set_up.html", form=form, set_up=set_up, onward=_onward())


def _codes_page(codes: list[str]) -> str:
    return render_template(
        "accounts/codes.html",
        codes=codes,
        username=viewer().username,
        onward=_onward() or url_for("second_factor.show"),
    )


def _onward() -> str | None:
    """Where the guided path goes on, if this is a part of one."""
    asked = request.args.get("next")
    return own_path(asked) if asked else None
