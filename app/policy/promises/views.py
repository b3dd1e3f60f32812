"""The public page of promises."""

from flask import Blueprint, render_template

from app.core.web import Crumb, Meta, absolute, page_meta, page_part, public

from .pages import ADDRESS, promises_page, tests_of

bp = Blueprint("promises", __name__)


@bp.get(ADDRESS)
@public
def index() -> str:
    """Every promise: what keeps it, which tests, and what the last check found."""
    above = (Crumb("Privacy policy", "/privacy/"),) if page_part("policy_foot").editions else ()
    return render_template(
        "policy/promises.html",
        page=promises_page(),
        tests_of=tests_of,
        meta=page_meta(
            Meta(
                title="Promises",
                canonical=absolute(ADDRESS),
                breadcrumbs=(Crumb("Home", "/"), *above, Crumb("Promises")),
                description=(
                    f"What {page_part('site').name} promises about your data: what keeps each "
                    "promise, the tests that guard it, and today's check."
                ),
            ),
            section="Privacy policy" if above else None,
        ),
    )
