"""Health and retention, for the owner of the site."""

from flask import Blueprint, render_template

from app.core.privacy import keep_counts, standing
from app.core.web import check_token, right

from .upkeep import health, retention

bp = Blueprint("upkeep", __name__, url_prefix="/admin")


@bp.get("/health/")
@right("own")
def show_health() -> str:
    """What the daily look found on each machine; nothing is asked anew."""
    return render_template("admin/health.html", machines=health())


@bp.get("/retention/")
@right("own")
def show_retention() -> str:
    """What is held, due and overdue, as it was last counted."""
    return render_template("admin/retention.html", retention=retention())


@bp.post("/retention/count")
@right("own")
def count() -> str:
    """Count anew, and name what the next run would take; nothing is erased."""
    check_token()
    counted = standing()
    keep_counts(counted)
    return render_template("admin/retention.html", retention=retention(counted))
