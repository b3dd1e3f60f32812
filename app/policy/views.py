"""The public pages of the policy."""

from typing import Any

from flask import Blueprint, redirect, render_template

from app.core.errors import Missing, Moved
from app.core.web import check_token, member, page_part, public, viewer

from .notices import open_changes
from .pages import changes_page, current_page, difference_page, policy_meta, version_page
from .queries import CHANGES, HOME, version

bp = Blueprint("policy", __name__)
account_bp = Blueprint("policy_account", __name__)


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


@bp.get(CHANGES)
@public
def changes() -> str:
    """Every version and what it changed."""
    meta = policy_meta("Changes of the privacy policy", CHANGES, _description())
    return render_template("policy/changes.html", meta=meta, **changes_page())


@bp.get(f"{CHANGES}<int:first>..<int:last>/")
@public
def difference(first: int, last: int) -> str:
    """Every word that went and came between two versions."""
    address = f"{CHANGES}{first}..{last}/"
    if first == last:
        raise Missing
    if first > last:
        raise Moved(f"{CHANGES}{last}..{first}/")
    meta = policy_meta(f"From version {first} to {last}", address, _description())
    return render_template("policy/difference.html", meta=meta, **difference_page(first, last))


@account_bp.post("/account/policy/")
@member
def see() -> Any:
    """Note that a member has opened what is new, and lead there."""
    check_token()
    first, last = open_changes(viewer().id)
    address = f"{CHANGES}{first}..{last}/" if first < last else HOME
    return redirect(address, 303)


def _description() -> str:
    return (
        f"What {page_part('site').name} does with data about you, in figures of the running site."
    )
