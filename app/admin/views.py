"""The dashboard of those who keep the site."""

from flask import Blueprint, render_template

from app.core.web import right, viewer

from .pages import dashboard_for

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@right("moderate", "own")
def dashboard() -> str:
    """What waits and what is wrong, each number a link."""
    return render_template("admin/dashboard.html", dashboard=dashboard_for(viewer()))
