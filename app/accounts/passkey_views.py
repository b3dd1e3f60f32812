"""One's own passkeys: make, list, remove. The browser's part is `static/js/passkeys.js`."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from app.core.errors import Unacceptable
from app.core.web import limit, member, recently_confirmed, viewer

from . import passkeys
from .addresses import own_path
from .browsers import member_browser, party
from .doorway import here
from .factor_forms import PasskeyForm, PressForm
from .keyring import keyring_of
from .proof import asked_proof, is_proved
from .queries import open_account

bp = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")

NOT_MADE = "The passkey could not be added. Try again, and keep this page open while you do."


@bp.get("/new/")
@member
@recently_confirmed
def new() -> str:
    """The form that makes a passkey."""
    return _new_page(PasskeyForm(data={"label": here().device}))


@bp.post("/new/options/")
@member
@recently_confirmed
@limit("passkey", "20/minute", "200/hour")
def new_options() -> Response:
    """What the browser needs to make a passkey."""
    _check_token()
    asked = passkeys.ask_to_register(party(), member_browser(), open_account(viewer().id))
    return Response(asked, content_type="application/json")


@bp.post("/new/")
@member
@recently_confirmed
@limit("passkey", "20/minute", "200/hour")
def create() -> Any:
    """Keep the passkey that the browser has made."""
    form = PasskeyForm()
    if form.validate():
        user = open_account(viewer().id)
        label, answer = form.label.data, form.answer.data
        if passkeys.register(party(), member_browser(), user, answer, label):
            return redirect(_onward() or url_for("second_factor.show", _anchor="saved"), 303)
        form.form_errors.append(NOT_MADE)
    return _new_page(form), 422


@bp.post("/options/")
@member
@limit("passkey", "20/minute", "200/hour")
def options() -> Response:
    """What the browser needs to use one of the person's own passkeys."""
    _check_token()
    asked = passkeys.ask_to_sign_in(party(), member_browser())
    return Response(asked, content_type="application/json")


@bp.get("/<int:passkey_id>/remove/")
@member
@recently_confirmed
def ask_to_remove(passkey_id: int) -> str:
    """What removing a passkey means."""
    return _remove_page(passkey_id)


@bp.post("/<int:passkey_id>/remove/")
@member
@recently_confirmed
@limit("second-factor-code", "10/minute", "60/hour")
def remove(passkey_id: int) -> Any:
    """Forget a passkey, against proof that the person holds a factor."""
    passkeys.own_passkey(viewer().id, passkey_id)
    proof = asked_proof()
    if not is_proved(proof):
        return _remove_page(passkey_id, proof), 422
    passkeys.remove_passkey(open_account(viewer().id), passkey_id)
    return redirect(url_for("second_factor.show", _anchor="saved"), 303)


def _check_token() -> None:
    """Refuse a request for options that does not carry the token of a page of ours."""
    if not PressForm().validate():
        raise Unacceptable("This page had been open for too long; reload it and try again.")


def _new_page(form: PasskeyForm) -> str:
    return render_template(
        "accounts/passkey_new.html",
        form=form,
        keyring=keyring_of(viewer().id),
        takes_passkeys=party().takes_passkeys,
        onward=_onward(),
    )


def _remove_page(passkey_id: int, proof: Any = None) -> str:
    passkey = passkeys.own_passkey(viewer().id, passkey_id)
    return render_template(
        "accounts/passkey_remove.html", passkey=passkey, proof=proof or asked_proof()
    )


def _onward() -> str | None:
    asked = request.args.get("next")
    return own_path(asked) if asked else None
