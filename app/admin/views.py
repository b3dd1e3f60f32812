"""The dashboard and the audit log of those who keep the site."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from app.core import clock
from app.core.privacy import Verdict, chain_problem, check_chain
from app.core.web import check_token, right, viewer

from .audit import Filters, audit_page, exported
from .pages import dashboard_for
from .words import GROUPS

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@right("moderate", "own")
def dashboard() -> str:
    """What waits and what is wrong, each number a link."""
    return render_template("admin/dashboard.html", dashboard=dashboard_for(viewer()))


@bp.get("/audit/")
@right("administer", "own")
def audit() -> str:
    """Who looked at what, decided and destroyed: the entries that are the viewer's to read."""
    return _audit_page()


@bp.post("/audit/check")
@right("administer", "own")
def check() -> str:
    """Check the whole chain now, and say what was found."""
    check_token()
    return _audit_page(check_chain())


@bp.get("/audit/export.csv")
@right("administer", "own")
def export() -> Response:
    """The same entries as a file."""
    rows = stream_with_context(exported(viewer(), Filters.read(request.args)))
    name = f"audit-{clock.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(rows, content_type="text/csv; charset=utf-8", headers=headers)


def _audit_page(verdict: Verdict | None = None) -> str:
    filters = Filters.read(request.args)
    return render_template(
        "admin/audit.html",
        page=audit_page(viewer(), filters),
        filters=filters,
        groups={name: title for name, (title, _kinds) in GROUPS.items()},
        verdict=verdict,
        problem=chain_problem(),
    )
