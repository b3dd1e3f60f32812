"""Sending feedback. What arrives is private; its sender gets the one address that leads to it."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.core.privacy import explain
from app.core.web import (
    Crumb,
    Meta,
    absolute,
    client_address,
    is_shown_again,
    limit,
    looked_at_twice,
    page_meta,
    protect_draft,
    public,
)
from app.moderation import SecondLook

from .forms import FeedbackForm
from .models import Feedback
from .sending import LIMIT, send_feedback

bp = Blueprint("feedback", __name__, url_prefix="/feedback")

LOOK = SecondLook("feedback", "room")


@bp.get("/new/")
@public
def new() -> str:
    """The form."""
    return _page(FeedbackForm())


@bp.post("/new/")
@public
@looked_at_twice
@limit(LIMIT, "2/minute", "10/hour", "30/day", forgives=True)
def create() -> Any:
    """Take feedback, or ask for a second look, and lead its sender to their private page."""
    form = FeedbackForm()
    confirmation = LOOK.confirmation_of(form.check.data)
    check = form.check.data if confirmation else None
    if is_shown_again():
        return _answer(form, 200, check=check)
    if not form.validate():
        return _answer(form, 422, check=check)
    odd = [] if confirmation else _oddities(form)
    if odd:
        return _answer(form, 200, check=LOOK.new_check(odd), is_odd=True)
    return redirect(send_feedback(form.draft(), client_address(), confirmation), 303)


def _answer(form: FeedbackForm, status: int, **values: Any) -> Response:
    """The form with what came of it, kept in no cache."""
    response = make_response(_page(form, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(form: FeedbackForm, *, check: str | None = None, is_odd: bool = False) -> str:
    protect_draft("feedback-fields", "/feedback/new/")
    title = "Tell us something"
    meta = Meta(
        title=f"Error: {title}" if form.errors else title,
        canonical=absolute("/feedback/new/"),
        description="What is good, what is not, and what is missing. It stays private.",
        breadcrumbs=(Crumb("Home", "/"), Crumb("Feedback", "/feedback/"), Crumb(title)),
    )
    values = {"form": form, "check": check, "is_odd": is_odd, "stamp": LOOK.stamp(form.stamp.data)}
    kept = explain(Feedback.sender_ip)
    return render_template(
        "feedback/new.html", meta=page_meta(meta, section="Feedback"), address_kept=kept, **values
    )


def _oddities(form: FeedbackForm) -> list[str]:
    return LOOK.suspicions(
        stamp=form.stamp.data,
        trap=form.subject.data,
        site=request.headers.get("Sec-Fetch-Site"),
    )
