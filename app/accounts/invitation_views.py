"""The page behind a mailed invitation: what is offered, and one button to take it."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from app.core.web import limit, visitor

from . import invitations
from .doorway import here, let_in
from .invitations import Offer, find_offer
from .models import Role
from .people import MEANING
from .people_forms import JoinByInvitationForm, TakeForm

bp = Blueprint("invitation", __name__, url_prefix="/account/invitation")


@bp.get("/<token>/")
@visitor
def show(token: str) -> str:
    """What is offered. Looking takes nothing, so mail scanners may look."""
    offer = find_offer(token)
    return _page(token, offer, _form(offer))


@bp.post("/<token>/")
@visitor
@limit("invitation", "10/minute", "60/hour")
def take(token: str) -> Any:
    """Take the role: with the account of that address, or with a new one."""
    offer = find_offer(token)
    form = _form(offer)
    if not form.validate():
        return _page(token, offer, form), 422
    if offer.account is not None:
        invitations.take_offer(token)
        return redirect(url_for("accounts.show_log_in", next=_next(offer)), 303)
    entry = invitations.join(token, form.username.data, form.password.data or None, here())
    if entry is None:
        form.username.errors = ["Somebody has this username, or one that looks the same."]
        return _page(token, offer, form), 422
    return let_in(entry, _next(offer))


def _form(offer: Offer) -> Any:
    if offer.account is not None:
        return TakeForm()
    form = JoinByInvitationForm()
    form.known_name = offer.blog.title
    return form


def _page(token: str, offer: Offer, form: Any) -> str:
    role = offer.invitation.role
    meaning = MEANING[role].partition(": ")[2]
    return render_template(
        "accounts/invitation.html", offer=offer, form=form, meaning=meaning, token=token
    )


def _next(offer: Offer) -> str:
    """Administrators are led through what a first look asks for; others start at once."""
    if offer.invitation.role is Role.ADMINISTRATOR:
        return url_for("agreement.first_look", next="/admin/")
    return "/admin/" if offer.invitation.role is Role.MODERATOR else "/account/"
