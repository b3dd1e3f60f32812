"""The contact page, which is a page of the site, and taking what its form sends."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request

from app.core.web import client_address, is_shown_again, limit, looked_at_twice, public
from app.site import render_page

from ..sending import LIMIT, send_feedback
from .forms import ContactForm
from .pages import LOOK, Letter, letter

bp = Blueprint("contact", __name__)

PAGE = "contact"


@bp.get("/contact/")
@public
def show() -> str:
    """The page as the content folder has it."""
    return render_page(PAGE)


@bp.post("/contact/")
@public
@looked_at_twice
@limit(LIMIT, "2/minute", "10/hour", "30/day", forgives=True)
def create() -> Any:
    """Take a message, and lead its sender to the private page it has."""
    form = ContactForm()
    confirmation = LOOK.confirmation_of(form.check.data)
    check = form.check.data if confirmation else None
    if is_shown_again():
        return _answer(letter(form, check=check))
    if not form.validate():
        return _answer(letter(form, check=check), 422)
    odd = [] if confirmation else _oddities(form)
    if odd:
        return _answer(letter(form, is_odd=True, check=LOOK.new_check(odd)))
    return redirect(send_feedback(form.draft(), client_address(), confirmation), 303)


def _answer(shown: Letter, status: int = 200) -> Response:
    """The contact page with what came of the form, kept in no cache."""
    response = make_response(render_page(PAGE, contact=shown), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _oddities(form: ContactForm) -> list[str]:
    return LOOK.suspicions(
        stamp=form.stamp.data,
        trap=form.subject.data,
        site=request.headers.get("Sec-Fetch-Site"),
    )
