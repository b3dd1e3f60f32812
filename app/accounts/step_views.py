"""The second step of a log-in, and the log-in with a passkey alone.

Nothing here trusts the request beyond its cookies: who signs in is what the waiting
session says, and that it may is what a code or a passkey says. No other field counts.
"""

from typing import Any

from flask import Blueprint, Response, render_template, request

from app.core.web import clear_cookie, limit, visitor

from . import passkeys, second_factor
from .addresses import own_path
from .browsers import (
    CEREMONY,
    known_visitor,
    mark_visitor,
    party,
    waiting_browser,
    waiting_session,
)
from .doorway import here, let_in
from .entering import complete_log_in
from .factor_forms import PasskeyLogInForm, StepForm
from .keyring import keyring_of
from .proof import NOT_ACCEPTED, WRONG_CODE
from .queries import open_account

bp = Blueprint("log_in_step", __name__, url_prefix="/account/log-in")


@bp.get("/second-factor/")
@visitor
def show() -> str:
    """Where the code of the app, a recovery code or a passkey is asked for."""
    return _page(StepForm(), PasskeyLogInForm())


@bp.post("/second-factor/")
@visitor
@limit("second-factor-code", "10/minute", "60/hour")
def check_code() -> Any:
    """Finish the log-in with a code."""
    waiting = waiting_session()
    form = StepForm()
    if form.validate():
        if second_factor.spend_code(open_account(waiting.user_id), form.code.data):
            return let_in(complete_log_in(waiting, here()), _next())
        form.code.errors = [WRONG_CODE]
    return _page(form, PasskeyLogInForm(formdata=None)), 422


@bp.post("/second-factor/options/")
@visitor
@limit("passkey", "20/minute", "200/hour")
def step_options() -> Response:
    """What the browser needs to use a passkey of the person who waits."""
    asked = passkeys.ask_to_sign_in(party(), waiting_browser(waiting_session()))
    return Response(asked, content_type="application/json")


@bp.post("/second-factor/passkey/")
@visitor
@limit("passkey", "20/minute", "200/hour")
def check_passkey() -> Any:
    """Finish the log-in with a passkey."""
    waiting = waiting_session()
    form = PasskeyLogInForm()
    if form.validate():
        if passkeys.use(party(), waiting_browser(waiting), form.answer.data) == waiting.user_id:
            return let_in(complete_log_in(waiting, here()), _next())
        form.form_errors.append(NOT_ACCEPTED)
    return _page(StepForm(formdata=None), form), 422


@bp.post("/passkey/options/")
@visitor
@limit("passkey", "20/minute", "200/hour")
def options() -> Response:
    """What the browser needs to use whichever passkey it has for this site."""
    response = Response(content_type="application/json")
    response.set_data(passkeys.ask_to_sign_in(party(), mark_visitor(response)))
    return response


@bp.post("/passkey/")
@visitor
@limit("passkey", "20/minute", "200/hour")
def log_in() -> Any:
    """Sign in with a passkey and nothing else."""
    form = PasskeyLogInForm()
    browser = known_visitor()
    if form.validate() and browser is not None:
        entry = passkeys.log_in(party(), browser, form.answer.data, here())
        if entry is not None:
            response = let_in(entry, _next())
            clear_cookie(response, CEREMONY)
            return response
        form.form_errors.append(NOT_ACCEPTED)
    return render_template("accounts/passkey_refused.html", form=form, onward=_next()), 422


def _page(form: StepForm, passkey_form: PasskeyLogInForm) -> Any:
    waiting = waiting_session()
    return render_template(
        "accounts/log_in_step.html",
        form=form,
        passkey_form=passkey_form,
        keyring=keyring_of(waiting.user_id),
        onward=_next(),
    )


def _next() -> str:
    return own_path(request.args.get("next"))
