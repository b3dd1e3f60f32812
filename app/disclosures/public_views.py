"""The transparency report: a page for everybody, and the same as CSV and JSON."""

from flask import Blueprint, Response, render_template

from app.core.errors import Missing
from app.core.web import Crumb, Meta, absolute, page_meta, page_part, public

from .published import head_file, newest_head, proof_of, published_heads
from .report import ADDRESS, as_csv, as_json, transparency_report

bp = Blueprint("transparency", __name__, url_prefix=ADDRESS.rstrip("/"))


@bp.get("/")
@public
def index() -> str:
    """Legal demands, looks at personal data, what people did themselves, and the audit heads."""
    heads = published_heads()
    return render_template(
        "disclosures/transparency.html",
        report=transparency_report(),
        heads=heads,
        proof=proof_of(heads[0]) if heads else None,
        meta=page_meta(
            Meta(
                title="Transparency report",
                description=(
                    f"How often {page_part('site').name} was asked for people’s data and gave "
                    "it, and how often its own administrators looked at any."
                ),
                canonical=absolute(ADDRESS),
                breadcrumbs=(Crumb("Home", "/"), Crumb("Transparency report")),
            )
        ),
    )


@bp.get("/report.csv")
@public
def table() -> Response:
    """Every line of the page as a table."""
    return Response(as_csv(transparency_report()), content_type="text/csv; charset=utf-8")


@bp.get("/report.json")
@public
def data() -> Response:
    """Every line of the page, and the newest head."""
    text = as_json(transparency_report(), newest_head())
    return Response(text, content_type="application/json")


@bp.get("/head.json")
@public
def head() -> Response:
    """The newest head, to be kept by whoever wants to hold this site to it."""
    text = head_file()
    if text is None:
        raise Missing("No head of the audit chain was taken yet.")
    return Response(text, content_type="application/json")
