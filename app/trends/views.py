"""The public pages of the trends, and the same figures as files."""

from datetime import date

from flask import Blueprint, Response, render_template

from app.core.errors import Missing
from app.core.web import public

from .exports import as_csv
from .pages import index_page, month_page, next_report, year_page
from .reports import report_of

bp = Blueprint("trends", __name__, url_prefix="/trends")

_MONTH = "/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>"


@bp.get("/")
@public
def index() -> str:
    """What is counted, what is not, and every published month."""
    return render_template("trends/index.html", following=next_report(), **index_page())


@bp.get("/<int(fixed_digits=4):year>/")
@public
def year(year: int) -> str:
    """The published months of a year."""
    return render_template("trends/year.html", **year_page(year))


@bp.get(f"{_MONTH}/")
@public
def month(year: int, month: int) -> str:
    """A month that is over."""
    return render_template("trends/month.html", **month_page(_month(year, month)))


@bp.get(f"{_MONTH}.csv")
@public
def csv(year: int, month: int) -> Response:
    """The figures of the page as a table."""
    report = report_of(_month(year, month))
    return _file(as_csv(report.figures), "text/csv", f"trends-{year:04}-{month:02}.csv")


@bp.get(f"{_MONTH}.json")
@public
def json(year: int, month: int) -> Response:
    """The figures of the page, byte for byte as they were published and hashed."""
    report = report_of(_month(year, month))
    return _file(report.text, "application/json", f"trends-{year:04}-{month:02}.json")


def _month(year: int, month: int) -> date:
    if not (1 <= month <= 12 and year >= 1):
        raise Missing
    return date(year, month, 1)


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=headers)
