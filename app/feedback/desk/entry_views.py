"""Entering what came by support mail, and taking the room's feedback out as a file."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.web import right, viewer

from .entering import enter
from .exporting import exported
from .forms import EntryForm
from .queries import room_of
from .rows import PATH

bp = Blueprint("feedback_entry", __name__, url_prefix="/admin/feedback")


@bp.get("/new/")
@right("administer")
def new() -> str:
    """A form for a request that came by mail."""
    room_of(viewer(), "administer")
    return _page(EntryForm())


@bp.post("/new/")
@right("administer")
def create() -> ResponseReturnValue:
    """Keep it as a private item."""
    room = room_of(viewer(), "administer")
    form = EntryForm()
    if not form.validate():
        return _page(form), 422
    number = enter(viewer(), room, form.entry())
    return redirect(f"{PATH}{number}/?done=entered", 303)


@bp.get("/export.csv")
@right("administer")
def export() -> Response:
    """What came in and what became of it; the words only when asked for."""
    room = room_of(viewer(), "administer")
    rows = exported(room, with_words=request.args.get("words") == "yes")
    headers: dict[str, Any] = {
        "Content-Disposition": f"attachment; filename=feedback-{clock.now():%Y-%m-%d}.csv"
    }
    lines = stream_with_context(rows)
    return Response(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _page(form: EntryForm) -> str:
    return render_template("feedback/desk/new.html", form=form, back_to=PATH)
