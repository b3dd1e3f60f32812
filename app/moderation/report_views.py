"""What readers reported, and the answer that it stays."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.web import check_token, right, viewer

from .queries import items_of, report_for, reports_for, titles_of
from .records import COMPLAINTS
from .reports import dismiss_reports
from .wording import state_name

bp = Blueprint("moderation_reports", __name__, url_prefix="/admin/reports")


@bp.get("/")
@right("moderate")
def index() -> str:
    """The reports that wait for an answer."""
    rows = reports_for(viewer())
    return render_template(
        "moderation/reports.html",
        rows=rows,
        items=items_of(rows),
        blogs=titles_of(viewer()),
        complaints=COMPLAINTS,
        state_name=state_name,
    )


@bp.post("/<int(max=2147483647):report_id>/dismiss/")
@right("moderate")
def dismiss(report_id: int) -> ResponseReturnValue:
    """Answer all reports about the same item: it stays."""
    report = report_for(viewer(), report_id)
    check_token()
    dismiss_reports(report.item_uid, blog_id=report.blog_id, actor_id=viewer().id)
    return redirect(url_for("moderation_reports.index", _anchor="dismissed"), 303)
