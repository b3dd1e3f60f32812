"""The page behind the link of the console: where a new site gets its first owner."""

from typing import Any

from flask import Blueprint, render_template, url_for

from app.core.web import limit, visitor

from .addresses import email_or_none
from .doorway import here, let_in
from .forms import FirstOwnerForm
from .founding import Person, make_first_owner
from .links import Purpose, find_link

bp = Blueprint("founding", __name__, url_prefix="/account")


@bp.get("/first-owner/<token>/")
@visitor
def show(token: str) -> Any:
    """The form that makes the first owner."""
    find_link(token, Purpose.FIRST_OWNER)
    return render_template("accounts/first_owner.html", form=FirstOwnerForm())


@bp.post("/first-owner/<token>/")
@visitor
@limit("first-owner", "10/minute", "60/hour")
def create(token: str) -> Any:
    """Make the first owner, sign them in, and lead on to what administrators need."""
    find_link(token, Purpose.FIRST_OWNER)
    form = FirstOwnerForm()
    if form.validate():
        person = Person(
            form.username.data, email_or_none(form.email.data) or "", form.password.data
        )
        administers = bool(form.administers.data)
        entry = make_first_owner(token, person, here(), administers=administers)
        if entry is not None:
            return let_in(entry, _next_step(administers=administers))
        form.username.errors = ["That username is not free."]
    return render_template("accounts/first_owner.html", form=form), 422


def _next_step(*, administers: bool) -> str:
    if not administers:
        return url_for("account.profile")
    # Agreement and second factor, one after the other, then on to the work.
    return url_for("agreement.first_look", next="/admin/")
