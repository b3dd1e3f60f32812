"""The private page of a comment: what became of it, what is held, and how to take it back."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template

from app.core.web import client_address, limit, private_link

from .editing import edit_comment, remove_comment
from .forms import EditForm
from .links import status_address
from .queries import own_comment
from .status import status_page

bp = Blueprint("own_comment", __name__, url_prefix="/comments/<token>")


@bp.get("/")
@private_link
def show(token: str) -> str:
    """What became of a comment, for its author."""
    comment, post = own_comment(token)
    return render_template("comments/status.html", **status_page(comment, post, token))


@bp.post("/edit/")
@private_link
@limit("comment-edit", "10/minute", "60/hour")
def update(token: str) -> Any:
    """Change the words."""
    comment, post = own_comment(token)
    form = EditForm()
    if not form.validate():
        page = status_page(comment, post, token, form)
        return make_response(render_template("comments/status.html", **page), 422)
    edit_comment(comment.id, form.text.data or "", client_address())
    return redirect(f"{status_address(token)}#saved", 303)


@bp.post("/delete/")
@private_link
def delete(token: str) -> Any:
    """Take the comment back for good."""
    comment, _post = own_comment(token)
    remove_comment(comment.id)
    return redirect(status_address(token), 303)
