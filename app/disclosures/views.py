"""The register of legal demands, for owners and administrators who are bound and known."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from app.core.errors import Unacceptable
from app.core.privacy import LookRefused
from app.core.privacy.disclosures import approve, bar, enter, missing_to_disclose, reject
from app.core.web import limit, recently_confirmed, right, viewer, way_back

from .forms import BarForm, DemandForm, PressForm, ReleaseForm
from .giving import give
from .pages import EntryPage, entry_page, is_alone, register_page
from .words import ALONE

bp = Blueprint("disclosures", __name__, url_prefix="/admin/disclosures")

FIRST_LOOK = "/account/first-look/"
STALE = "This page had been open for too long; nothing was changed."


def bound(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for who gave their word and has a second factor, as before any look."""

    @functools.wraps(view)
    def asked(**values: Any) -> Any:
        need = missing_to_disclose(viewer())
        if need and request.method == "POST":
            raise LookRefused(need)
        if need:
            return redirect(f"{FIRST_LOOK}?next={way_back()}", 303)
        return view(**values)

    return asked


@bp.get("/")
@right("own", "administer")
@recently_confirmed
@bound
def index() -> str:
    """Every demand and what came of it."""
    return render_template(
        "disclosures/index.html", lines=register_page(), is_alone=is_alone(), alone=ALONE
    )


@bp.get("/new/")
@right("own", "administer")
@recently_confirmed
@bound
def new() -> str:
    """A form for what a paper says."""
    return _form_page(DemandForm())


@bp.post("/new/")
@right("own", "administer")
@recently_confirmed
@limit("disclosures", "30/hour")
@bound
def create() -> Any:
    """Enter it. Nobody's data is looked at for that."""
    form = DemandForm()
    if not form.validate():
        return _form_page(form), 422
    entry = enter(form.demand(), viewer())
    return _back_to(entry.id)


@bp.get("/<int:entry_id>/")
@right("own", "administer")
@recently_confirmed
@bound
def show(entry_id: int) -> str:
    """One demand: what it says, who agreed, and what may be done now."""
    return _entry(entry_page(viewer(), entry_id))


@bp.post("/<int:entry_id>/<any(approve,reject):act>/")
@right("own", "administer")
@recently_confirmed
@limit("disclosures", "30/hour")
@bound
def decide(entry_id: int, act: str) -> Any:
    """Agree to it as it is entered, or refuse it."""
    if not PressForm().validate():
        raise Unacceptable(STALE)
    decided = approve if act == "approve" else reject
    decided(entry_id, viewer())
    return _back_to(entry_id)


@bp.post("/<int:entry_id>/release/")
@right("own", "administer")
@recently_confirmed
@limit("disclosures", "30/hour")
@bound
def release(entry_id: int) -> Any:
    """Make the file for the authority, which is handed out here and kept nowhere."""
    form = ReleaseForm()
    if not form.validate():
        return _entry(entry_page(viewer(), entry_id), release_form=form), 422
    answer = give(entry_id, viewer(), in_part=form.how.data == "part")
    if answer.content is None:
        return _back_to(entry_id)
    headers = {"Content-Disposition": f"attachment; filename={answer.name}"}
    return Response(answer.content, content_type="application/zip", headers=headers)


@bp.post("/<int:entry_id>/silence/")
@right("own", "administer")
@recently_confirmed
@limit("disclosures", "30/hour")
@bound
def silence(entry_id: int) -> Any:
    """Set until when those named may not be told, or lift that."""
    form = BarForm()
    if not form.validate():
        return _entry(entry_page(viewer(), entry_id), bar_form=form), 422
    bar(entry_id, form.until.data, viewer())
    return _back_to(entry_id)


def _form_page(form: DemandForm) -> str:
    return render_template("disclosures/new.html", form=form)


def _entry(
    page: EntryPage, *, release_form: ReleaseForm | None = None, bar_form: BarForm | None = None
) -> str:
    return render_template(
        "disclosures/show.html",
        page=page,
        release_form=release_form or ReleaseForm(formdata=None),
        bar_form=bar_form or BarForm(formdata=None, data={"until": page.line.barred_until}),
        press=PressForm(formdata=None),
        alone=ALONE,
    )


def _back_to(entry_id: int) -> Any:
    return redirect(url_for("disclosures.show", entry_id=entry_id, _anchor="saved"), 303)
