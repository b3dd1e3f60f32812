"""The public pages of the policy."""

from flask import Blueprint, render_template

from app.core.web import page_part, public

from .pages import current_page, policy_meta, version_page
from .queries import HOME, version

bp = Blueprint("policy", __name__)


@bp.get(HOME)
@public
def show() -> str:
    """The version that holds."""
    page = current_page()
    meta = policy_meta("Privacy policy", HOME, _description(), is_home=True)
    return render_template("policy/show.html", page=page, meta=meta)


@bp.get(f"{HOME}v/<int:number>/")
@public
def show_version(number: int) -> str:
    """A version as it was published."""
    page = version_page(version(number))
    meta = policy_meta(f"Version {number}", page.version.address, _description())
    return render_template("policy/show.html", page=page, meta=meta)


def _description() -> str:
    return (
        f"What {page_part('site').name} does with data about you, in figures of the running site."
    )
