"""Which mail a moderator wants, blog by blog."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from app.blog import Blog
from app.core.errors import Missing
from app.core.web import check_token, page_part, right, viewer
from app.desk import choose_digest, length_of, stopped_digests

bp = Blueprint("mail_choices", __name__, url_prefix="/account/mail")


@dataclass(frozen=True)
class Choice:
    """Whether the digest of a blog comes."""

    blog: Blog
    is_wanted: bool


@bp.get("/")
@right("moderate")
def index() -> str:
    """The blogs that the viewer moderates, and whether their digest comes."""
    stopped = stopped_digests(viewer().id)
    choices = [Choice(blog, blog.id not in stopped) for blog in _blogs()]
    pause = length_of(timedelta(minutes=current_app.config["DIGEST_MINUTES"]))
    return render_template("comments/mail_choices.html", choices=choices, pause=pause)


@bp.post("/")
@right("moderate")
def choose() -> Any:
    """Have the digest of a blog sent, or stop it; choosing twice changes nothing."""
    check_token()
    blog_id = request.form.get("blog", type=int)
    if blog_id not in {blog.id for blog in _blogs()}:
        raise Missing
    choose_digest(viewer().id, blog_id, wanted=request.form.get("wanted") == "yes")
    return redirect(url_for("mail_choices.index"), 303)


def _blogs() -> list[Blog]:
    theirs = viewer().blogs("moderate")
    return [blog for blog in page_part("blogs_and_rooms") if blog.id in theirs]
