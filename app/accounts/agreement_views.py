"""The confidentiality agreement, and the guided path to the first look."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.core.web import is_recent, limit, member, page_part, viewer

from . import acceptances, second_factor
from .addresses import own_path
from .browsers import party
from .factor_forms import AgreementForm, NewAppForm
from .first_look import steps_of
from .keyring import keyring_of
from .queries import open_account

bp = Blueprint("agreement", __name__, url_prefix="/account")

FIRST_LOOK = "agreement.first_look"


@bp.get("/agreement/")
@member
def show() -> str:
    """The text, and whether and when the person gave their word for it."""
    return _page(AgreementForm())


@bp.post("/agreement/")
@member
@limit("agreement", "10/minute")
def accept() -> Any:
    """Keep the person's word."""
    form = AgreementForm()
    if not form.validate():
        return _page(form), 422
    acceptances.accept_agreement(
        open_account(viewer().id), form.typed_name.data, request.form.get("digest", "")
    )
    return redirect(_onward() or url_for("agreement.show", _anchor="accepted"), 303)


@bp.get("/first-look/")
@member
def first_look() -> Any:
    """What is left to do before the first look at personal data; on, once nothing is."""
    steps = steps_of(viewer())
    if all(steps.values()) and _onward():
        return redirect(_onward() or "", 303)
    return _first_look_page(AgreementForm(), steps)


@bp.post("/first-look/")
@member
@limit("agreement", "10/minute")
def begin() -> Any:
    """Keep the person's word, and have the next step ready."""
    form = AgreementForm()
    if not form.validate():
        return _first_look_page(form, steps_of(viewer())), 422
    user = open_account(viewer().id)
    acceptances.accept_agreement(user, form.typed_name.data, request.form.get("digest", ""))
    if is_recent(viewer()) and not keyring_of(user.id).has_second_factor:
        second_factor.begin_app(user)
    return redirect(url_for(FIRST_LOOK, next=_onward()), 303)


def _page(form: AgreementForm) -> str:
    agreement = acceptances.agreement_to_accept()
    return render_template(
        "accounts/agreement.html",
        form=form,
        agreement=agreement,
        acceptance=acceptances.acceptance_of(viewer().id, agreement),
        onward=_onward(),
    )


def _first_look_page(form: AgreementForm, steps: dict[str, bool]) -> str:
    user = open_account(viewer().id)
    return render_template(
        "accounts/first_look.html",
        form=form,
        app_form=NewAppForm(formdata=None),
        steps=steps,
        agreement=acceptances.agreement_to_accept(),
        set_up=second_factor.app_to_confirm(user, page_part("site").name),
        takes_passkeys=party().takes_passkeys,
        here=url_for(FIRST_LOOK, next=_onward()),
        onward=_onward(),
    )


def _onward() -> str | None:
    asked = request.args.get("next")
    return own_path(asked) if asked else None
