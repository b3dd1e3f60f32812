"""The month that is not over, for the owners of the site."""

from flask import Blueprint, render_template

from app.core.web import right

from .pages import next_report, running_page

bp = Blueprint("admin_trends", __name__, url_prefix="/admin/trends")


@bp.get("/")
@right("own")
def index() -> str:
    """What the running month comes to so far, above the same thresholds."""
    return render_template("trends/running.html", following=next_report(), **running_page())
